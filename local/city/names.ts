import type { NameGroup } from "./origins.ts";
import { Dice } from "./random.ts";

type Pool = {
  readonly women: readonly string[];
  readonly men: readonly string[];
  readonly surnames: readonly string[];
};

function pool(women: string, men: string, surnames: string): Pool {
  return { women: women.split(" "), men: men.split(" "), surnames: surnames.split(" ") };
}

const pools: Readonly<Record<NameGroup, Pool>> = {
  german: pool(
    "Anna Emma Lena Marie Sophie Klara Greta Hannah Ida Jana Katrin Laura Mia Nora Paula Sabine Ursula Renate Birgit Jördis",
    "Jonas Paul Max Felix Lukas Emil Karl Otto Hans Peter Jürgen Thomas Andreas Stefan Tim Jan Ben Leon Björn Götz",
    "Müller Schmidt Weber Becker Wagner Schäfer Köhler Lange Krämer Vogt Jäger Böhm Kühn Fuchs Groß Weiß Sommer Brandt Lindner Hartmann Seidel Kaiser Ziegler Arndt Busch Kern Voß Thiel",
  ),
  turkish: pool(
    "Ayşe Fatma Zeynep Elif Emine Hatice Gülşen Özlem Çiğdem Şule Derya Melek Nuray Sevgi",
    "Mehmet Mustafa Ahmet Ali Hasan Hüseyin İbrahim Çağlar Şükrü Oğuz Umut Yusuf Emre Kerem",
    "Yılmaz Kaya Demir Şahin Çelik Yıldız Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Koç Kurt Özkan Şimşek Güneş Işık",
  ),
  arabic: pool(
    "Fatima Aisha Mariam Nour Rana Hanan Khadija Zainab Amal Layla Samira Huda Yasmin Reem Ghada",
    "Mohammed Ahmad Omar Khaled Hussein Yusuf Ibrahim Mahmoud Samir Tarek Abdulrahman Mustafa Ghaith Jamal Walid",
    "Al-Hassan Al-Ahmad Khalil Ibrahim Al-Masri Haddad Darwish Al-Khatib Othman Saleh Nasser Abu-Zaid Shaheen Qasim Al-Jabouri Younes Hamdan Issa Al-Sayed Barakat Kurdi Jassim",
  ),
  persian: pool(
    "Zahra Maryam Shirin Parisa Nasrin Farzaneh Leila Soraya Fereshta Shabnam Golnaz Mina",
    "Reza Ali Hamid Mohammad Farid Javad Mehdi Ahmadshah Khalid Najib Wahid Zabihullah Dariush",
    "Hosseini Ahmadi Rahimi Karimi Mohammadi Sharifi Noori Haidari Qaderi Akbari Sultani Rezaei Amiri Yousufi Jafari Ghafari",
  ),
  slavic: pool(
    "Olena Yuliia Kateryna Nataliia Oksana Iryna Svitlana Anastasiia Tetiana Viktoriia Halyna Liudmyla Zhanna",
    "Oleksandr Serhii Andrii Dmytro Volodymyr Mykola Yurii Vasyl Oleh Yevhen Maksym Bohdan",
    "Shevchenko Kovalenko Bondarenko Tkachenko Kravchenko Oliinyk Shevchuk Polishchuk Lysenko Marchenko Rudenko Petrenko Zhuravska Kovalska Hrytsenko Moroz Yatsenko Khomenko",
  ),
  tigrinya: pool(
    "Selam Abeba Hiwet Luwam Rahwa Saba Tsega Feven Mebrat Eden",
    "Tesfay Ghebre Yohannes Haile Kidane Mehari Filmon Abraham Samuel Berhane",
    "Ghebremedhin Tesfamariam Habtemariam Weldegebriel Kidane Haile Tekle Ghebreselassie Mehari Asfaha Berhe Woldu",
  ),
  somali: pool(
    "Hodan Fadumo Sahra Ifrah Khadra Nimco Amina Hibo",
    "Abdi Mohamed Farah Liban Hassan Mahad Yasin Abdirahman",
    "Warsame Hassan Farah Ali Abdullahi Jama Osman Nur Yusuf Adan",
  ),
  balkan: pool(
    "Jelena Milica Elira Arta Vesna Dragana Mirjeta Teuta Besa Suzana Đurđa Željka",
    "Luan Arben Besnik Dragan Milan Goran Ilir Agron Stefan Zoran Žarko Đorđe",
    "Hoxha Krasniqi Berisha Jovanović Petrović Nikolić Gashi Shala Marković Stojanović Dimitrov Hodžić Begić Çela Rama",
  ),
  romance: pool(
    "Maria Elena Ana Lucia Carmen Ioana Andreea Giulia Chiara Sofia Valentina Inês",
    "Juan Carlos Luca Marco Ion Andrei Pedro José Antonio Mihai Ștefan João",
    "García Rodríguez Popescu Ionescu Rossi Russo Ferrari Santos Silva Martínez Gómez Radu Dumitru Țurcanu Esposito Núñez",
  ),
  african: pool(
    "Blessing Grace Aminata Mariama Fatoumata Chantal Esther Precious Awa Comfort",
    "Emmanuel Ousmane Mamadou Ibrahima Kwame Samuel Alpha Junior Lamin Prosper",
    "Diallo Bah Barry Camara Okafor Eze Mensah Kabila Sow Traoré Jallow Nkosi Okoro Kouassi",
  ),
  asian: pool(
    "Thi Priya Lakshmi Mei Linh Nisha Anjali Shanthi Fang Rani",
    "Ravi Kumar Wei Minh Arjun Rajesh Tuan Sanjay Jun Ashok",
    "Nguyen Tran Singh Kumar Wang Chen Sivakumar Rahman Selvam Das Le Hossain",
  ),
  caucasian: pool(
    "Nino Mariam Ani Anahit Leyla Tamar Gayane Aysel",
    "Giorgi Davit Armen Levan Elchin Tigran Vugar Zaza",
    "Beridze Kapanadze Hakobyan Grigoryan Mammadov Aliyev Giorgadze Sargsyan Petrosyan Huseynov",
  ),
};

export type PersonName = { readonly surname: string; readonly given: string };

/** Surname of a family and given name of one member; the same each time for the same numbers. */
export function nameOf(
  seed: number,
  group: NameGroup,
  family: number,
  member: number,
  female: boolean,
): PersonName {
  const { surnames, women, men } = pools[group];
  const household = new Dice(seed, "names", family);
  const own = new Dice(seed, "names", family, member + 1);
  const surname = surnameOf(household, group, surnames);
  const given = own.pick(female ? women : men);
  const second = own.chance(0.16) ? ` ${own.pick(female ? women : men)}` : "";
  // People of some origins have one name only.
  if ((group === "persian" || group === "asian") && own.chance(0.02)) return { surname: given, given: "" };
  return { surname, given: given + second };
}

function surnameOf(dice: Dice, group: NameGroup, surnames: readonly string[]): string {
  const first = dice.pick(surnames);
  if (group === "german" && dice.chance(0.04)) return `${first}-${dice.pick(surnames)}`;
  if (group === "romance" && dice.chance(0.25)) return `${first} ${dice.pick(surnames)}`;
  return (group === "arabic" || group === "persian") && dice.chance(0.12)
    ? `${first} ${dice.pick(surnames)}`
    : first;
}
