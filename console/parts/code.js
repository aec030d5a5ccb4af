// @ts-check
/** The code of a block as text: its source, or the listing of a language without one. */
import { html } from "htm/preact";
import { path } from "../api.js";
import { t } from "../texts.js";
import { Loaded, useRead } from "./load.js";

/** @param {{plc: string, block: string}} given */
export function Code({ plc, block }) {
  const content = useRead(path`devices/${plc}/blocks/${block}/content`);
  return html`<${Loaded} of=${content}>${(found) => html`<pre tabindex="0" aria-label=${t("block.code")}>${found.sourceText ?? found.listing}</pre>`}<//>`;
}
