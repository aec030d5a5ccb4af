// @ts-check
/** The code of one block, with the whole width of the page. */
import { html } from "htm/preact";
import { link } from "../router.js";
import { t } from "../texts.js";
import { Code } from "../parts/code.js";

/** @param {{project: string, plc: string, block: string}} names */
export default function CodePage({ project, plc, block }) {
  return html`<h1>${block}</h1>
    <p><a href=${link(["p", project, plc, "changes"], { block })}>${t("page.changes")}</a></p>
    <${Code} plc=${plc} block=${block} />`;
}
