import { markup, page } from "./layout.ts";
import { texts } from "./texts.ts";

/** Entry page: where to go. */
export function homePage(): string {
  const { title, intro, status } = texts.home;
  return page({
    title,
    main: markup`<h1>${title}</h1>
<p>${intro}</p>
<ul><li><a href="/status">${status}</a></li></ul>`,
  });
}
