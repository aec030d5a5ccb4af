// @ts-check
/** A block: its drawing with the current on it, code, interface, references, history, findings and tests. */
import { html } from "htm/preact";
import { path } from "../api.js";
import { link } from "../router.js";
import { t } from "../texts.js";
import { Findings, History, Interface, References } from "../parts/block/block-tabs.js";
import { Ladder } from "../parts/block/ladder.js";
import { loaded, useModule, useRead } from "../parts/load.js";
import { Problem } from "../parts/problem.js";
import { Tabs } from "../parts/tabs.js";

const DRAWN = /^(F_)?(LAD|FBD)|^GRAPH$/;

/** @param {{project: string, plc: string, block: string}} given */
export default function BlockPage({ project, plc, block }) {
  /** @type {Reading<Api.BlockInfo[]>} */
  const blocks = useRead(path`devices/${plc}/blocks`, { filter: `name~${block.replace(/[;*?[]/g, "?")}` });
  return html`<h1>${block}</h1>
    ${loaded(blocks, (found) => {
      const info = found.find((each) => each.name === block);
      return info ? html`<${Block} project=${project} plc=${plc} info=${info} />` : html`<${Missing} project=${project} block=${block} />`;
    })}`;
}

/** @param {{project: string, block: string}} given */
function Missing({ project, block }) {
  return html`<div class="empty"><p>${t("block.missing", { block })}</p><p><a class="button" href=${link(["p", project])}>${t("page.project")}</a></p></div>`;
}

/** @param {{project: string, plc: string, info: Api.BlockInfo}} given */
function Block({ project, plc, info }) {
  const names = { project, plc, block: info.name };
  const tabs = [
    { id: "code", show: () => html`<${Lazy} load=${() => import("../parts/block/code.js")} name="Code" given=${names} />` },
    { id: "interface", show: () => html`<${Interface} ...${names} />` },
    { id: "references", show: () => html`<${References} ...${names} />` },
    { id: "history", show: () => html`<${History} ...${names} />` },
    { id: "findings", show: () => html`<${Findings} ...${names} />` },
    { id: "tests", show: () => html`<div class="empty"><p>${t("block.tests.hint")}</p><p><a class="button"
      href=${link(["tests"])}>${t("page.tests")}</a></p></div>` },
  ];
  if (DRAWN.test(info.language)) tabs.unshift({ id: "drawing", show: () => html`<${Ladder} ...${names} isFb=${info.type === "FB"} />` });
  return html`<p class="hint">${info.type} ${info.number} · ${info.language}${info.folder && ` · ${info.folder}`}
      ${!info.isConsistent && html` <span class="badge">${t("project.inconsistent")}</span>`}
      ${info.isKnowHowProtected && html` <span class="badge">${t("project.protected")}</span>`}</p>
    <${Tabs} label=${t("block.views")} tabs=${tabs.map((each) => ({ ...each, title: t(`block.${each.id}`) }))} />`;
}

/** A part that is loaded when it is shown. @param {{load: () => Promise<any>, name: string, given: any}} given */
function Lazy({ load, name, given }) {
  const found = useModule(load, name);
  if (found?.problem) return html`<${Problem} problem=${found.problem} />`;
  return found ? html`<${found.module[name]} ...${given} />` : html`<p class="busy" role="status">${t("busy")}</p>`;
}
