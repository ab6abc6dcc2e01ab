/**
 * Spellings of one name, a line each, by what makes registers differ. All of a line must come out as the same sounds, or
 * where a sound really was lost (marked by ~ before the spelling) nearly so.
 */
export const oneName = `
  umlauts         | Müller, Mueller, Muller, MÜLLER, Mu\u0308ller
  umlauts         | Schäfer, Schaefer, Schafer, SCHÄFER
  umlauts         | Jörg, Joerg, Jorg
  ß               | Weiß, Weiss, WEISS
  Turkish         | Yıldız, Yildiz, YILDIZ
  Turkish         | İbrahim, Ibrahim, ibrahim, I\u0307brahim
  Turkish         | Şahin, Sahin, Schahin, S\u0327ahin
  Turkish         | Çelik, Celik, Tschelik, Tchelik, C\u0327elik, ~Chelik
  Turkish         | Doğan, Dogan, Dog\u0306an, Doghan
  Turkish         | Gülşen, Gulsen, Guelsen, Guelschen
  lost letter     | Yıldız, Y?ld?z, Y\ufffdld\ufffdz
  lost letter     | Kılıç, K?l?ç
  accents         | José, Jose, Jose\u0301
  accents         | Inês, Ines
  Arabic          | Mohammed, Mohamed, Mouhamed, Md, Mohd, ~Muhammad, ~Mohamad, ~Mohammad
  Arabic          | Hussein, Husain, Hussain, Husein, Houssein, ~Hosseini
  Arabic          | Hosseini, Hussaini, Huseini
  Arabic          | Khalid, Chalid, Khaled
  Arabic          | Yusuf, Jussuf, ~Youssef
  Arabic          | Jamal, Djamal, Dschamal, Dzhamal
  Arabic          | Khadija, Khadidja, Chadidja, Khadijah
  Arabic          | Walid, Oualid, Valid, Waleed
  Arabic          | Fatima, Fatimah, Fatimeh, ~Fatma
  Arabic          | Layla, Laila, Leila, Leyla
  Arabic          | Nour, Noor, Nur
  Arabic          | Ghada, Gada
  Arabic          | Qasim, Kasim, ~Gasim
  Arabic          | Shaheen, Schahin, Shahin
  Arabic          | Othman, Osman, Uthman
  Arabic          | Ahmad, Achmad, ~Ahmed
  Arabic          | Dhaher, Daher
  article         | Al-Hassan, Alhassan, Al Hassan, El-Hassan, Elhassan, Hassan
  article         | Al-Ahmad, Alahmad, Ahmad
  article         | As-Sayed, As Sayed, Sayed
  article         | Al-Sayed, Alsayed, El Sayed, Sayed
  servant of      | Abdul Rahman, Abdulrahman, Abd al-Rahman, Abdelrahman, Abdurrahman, Abd ur-Rahman
  servant of      | Abdul Aziz, Abdulaziz, Abdelaziz
  father of       | Abu Zaid, Abu-Zaid, Abou Zeid, Abuzaid
  son of          | Omar bin Ali, Omar ibn Ali, Omar Ali
  Persian         | Qaderi, Kaderi
  Persian         | Yousufi, Jusufi
  Ukrainian       | Shevchenko, Schewtschenko, Szewczenko, Ševčenko, Sevčenko, Sevcenko
  Ukrainian       | Oleksandr, Aleksandr, Alexander
  Ukrainian       | Yuliia, Iuliia, Julija, Julia, Yulia, Yuliya
  Ukrainian       | Serhii, Serhij, ~Sergij, ~Sergej
  Ukrainian       | Anastasiia, Anastasija, Anastasia
  Ukrainian       | Yevhen, Jewhen, Jevhen, Ievhen, ~Evgen, ~Eugen
  Ukrainian       | Volodymyr, Wolodymyr, Vladimir, Wladimir
  Ukrainian       | Zhanna, Schanna, Žanna
  Ukrainian       | Polishchuk, Polischtschuk, Poliščuk
  Ukrainian       | Tkachenko, Tkatschenko, Tkačenko
  Ukrainian       | Shevchuk, Schewtschuk, Ševčuk
  Ukrainian       | Savchyk, Sawtschyk
  Ukrainian       | Hrytsenko, Hryzenko, Hrytzenko, ~Hrycenko, ~Gritsenko
  Ukrainian       | ~Halyna, Galina
  Ukrainian       | Yatsenko, Jazenko
  Ukrainian       | Kovalskyi, Kovalskyj, Kovalskij, Kowalski
  Ukrainian       | Kovalska, Kovalskaya, Kowalskaja, Kovalskaia
  Ukrainian       | Oleksii, Alexej, Aleksej
  Ukrainian       | Romanov, Romanow, Romanoff
  South Slavic    | Jovanović, Jovanovic, Jovanovitsch, Jovanovich
  South Slavic    | Đorđe, Djordje, Dschordsche
  South Slavic    | Hodžić, Hodschitsch
  Albanian        | Hoxha, Hodscha
  Tigrinya        | Ghebremedhin, Gebremedhin, Ghebre Medhin, Gebre-Medhin
  Tigrinya        | Tesfay, Tesfai, ~Tesfaa
  Tigrinya        | Hailemariam, Haile Mariam
  Tigrinya        | Tsegay, Zegai
  Tigrinya        | ~Woldu, Weldu
  Tigrinya        | Yohannes, Johannes
  others          | Philipp, Filip
  others          | Becker, Beker
  others          | Christian, Kristian
  others          | D'Angelo, D’Angelo, DAngelo
  others          | Dr. Weber, Weber
`;

/** Pairs of different names that must not come out alike, many of them differing in one sound. */
export const differentNames = `
  Mina, Mona
  Anna, Ina
  Ali, Alina
  Omar, Amir
  Hassan, Hussein
  Samir, Samira
  Ahmad, Mahmoud
  Hamid, Ahmad
  Yusuf, Yasin
  Khalid, Walid
  Khalil, Khalid
  Olena, Halyna
  Oleh, Olha
  Oleksandr, Oleksii
  Andrii, Andriana
  Serhii, Sara
  Kovalenko, Kovalchuk
  Shevchenko, Shevchuk
  Petrenko, Petrova
  Luan, Milan
  Jovanović, Stojanović
  Marie, Maria Elena
  Paul, Paula
  Max, Markus
  Tekle, Kidane
  Ghebremedhin, Ghebreselassie
  Mehmet, Ahmet
  Abdul Rahman, Abdul Karim
`;
