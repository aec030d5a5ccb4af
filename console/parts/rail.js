// @ts-check
/** The rail: the pages. */
import { html } from "htm/preact";
import { PAGES, match, pathTo } from "../pages.js";
import { link, route } from "../router.js";
import { may, plc, project, rangeQuery } from "../state.js";
import { t } from "../texts.js";
import { Icon } from "./icon.js";

export function Rail() {
  const present = match(route.value.path)?.page;
  const names = { project: project.value?.name, plc: plc.value };
  const shown = PAGES.filter((page) => page.rail && (!page.need?.right || may(page.need.right)));
  return html`<nav class="rail" aria-label=${t("pages")}>
    <ul>
      ${shown.map(
        (page) => html`<li key=${page.name}>
          <a href=${link(pathTo(page, names), page.hasRange ? rangeQuery() : {})} aria-current=${page.icon === present?.icon ? "page" : undefined}>
            <${Icon} name=${page.icon} /><span>${t(`page.${page.name}`)}</span>
          </a>
        </li>`,
      )}
    </ul>
  </nav>`;
}
