// @ts-check
/** Opening a project: those that were open before, and those in the workspace. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { may } from "../state.js";
import { t, when } from "../texts.js";
import { Action } from "./action.js";
import { Dialog } from "./dialog.js";
import { loaded, useRead } from "./load.js";
import { Table } from "./table.js";

export function Opening() {
  const [isOpen, setOpen] = useState(false);
  if (!may("engineer")) return null;
  return html`<button type="button" onClick=${() => setOpen(true)}>${t("project.open")}</button>
    ${isOpen && html`<${Choice} onClose=${() => setOpen(false)} />`}`;
}

/** @param {{onClose: () => void}} given */
function Choice({ onClose }) {
  const files = useRead("projects/files");
  const before = useRead("projects/history");
  /** The files of the workspace, and known ones elsewhere; the newest access first. @param {Api.ProjectFile[]} found */
  const merged = (found) => {
    const past = before.data || [];
    const known = new Map(past.map((each) => [each.path, each.lastAccess]));
    const projects = found.filter((each) => /^\.ap/i.test(each.extension));
    const others = [...known.keys()].filter((path) => !projects.some((each) => each.path === path));
    const elsewhere = others.map((path) => ({ path, name: past.find((each) => each.path === path)?.name || path }));
    return [...projects, ...elsewhere]
      .map((each) => ({ ...each, lastAccess: known.get(each.path) || "" }))
      .sort((one, other) => other.lastAccess.localeCompare(one.lastAccess));
  };
  return html`<${Dialog} title=${t("project.open")} onClose=${onClose} wide>
    ${loaded(files, (found) => html`<${Table} label=${t("project.open")} rows=${merged(found)} keyOf=${(each) => each.path} empty=${t("project.files.none")}
      columns=${[
        { id: "name", title: t("name"), sort: true },
        { id: "path", title: t("path"), wide: true },
        { id: "lastAccess", title: t("project.last"), show: (each) => when(each.lastAccess) },
        {
          id: "open",
          title: t("actions"),
          show: (each) => html`<${Action} request=${{ method: "POST", path: "projects/actions/open", body: { path: each.path } }}
            onDone=${onClose}>${t("open")}<//>`,
        },
      ]} />`)}
  <//>`;
}
