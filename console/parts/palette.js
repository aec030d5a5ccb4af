// @ts-check
/** The search (Ctrl+K): pages, blocks and commands by name; and the keys g and a letter, which lead to a page. */
import { useEffect, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { get, path } from "../api.js";
import { onKeys } from "../keys.js";
import { PAGES, pathTo } from "../pages.js";
import { go, link } from "../router.js";
import { may, plc, project } from "../state.js";
import { t } from "../texts.js";
import { Dialog } from "./dialog.js";

const isOpen = signal(false);
const MOST = 30;

export function openPalette() {
  isOpen.value = true;
}

/** The entries: pages, and the blocks of the PLC. @param {Api.BlockInfo[]} blocks */
function entries(blocks) {
  const names = { project: project.value?.name || "", plc: plc.value };
  const pages = PAGES.filter((page) => page.rail && (!page.need?.right || may(page.need.right)) && (!page.need?.project || project.value));
  return [
    ...pages.map((page) => ({ kind: t("pages"), text: t(`page.${page.name}`), path: pathTo(page, names) })),
    ...blocks.map((block) => ({
      kind: `${block.type} · ${block.language}`,
      text: block.name,
      path: ["p", names.project, names.plc, "blocks", block.name],
    })),
  ];
}

export function Palette() {
  useEffect(() => {
    let isWaiting = 0;
    return onKeys(
      ({ key }) => {
        const page = Date.now() - isWaiting < 1500 && PAGES.find((each) => each.key === key);
        if (page) go(pathTo(page, { project: project.value?.name || "", plc: plc.value }));
        else if (key === "?") openPalette();
        isWaiting = key === "g" ? Date.now() : 0;
      },
      (event) => {
        if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        openPalette();
      },
    );
  }, []);
  return isOpen.value ? html`<${Search} />` : null;
}

function Search() {
  const [text, setText] = useState("");
  const [blocks, setBlocks] = useState(/** @type {Api.BlockInfo[]} */ ([]));
  const [chosen, setChosen] = useState(0);
  const close = () => (isOpen.value = false);
  useEffect(() => {
    if (!plc.value) return;
    const stopping = new AbortController();
    const query = { pageSize: MOST, ...(text ? { filter: `name~*${text.replace(/[;*?]/g, "?")}*` } : {}) };
    const timer = setTimeout(() => {
      get(path`devices/${plc.value}/blocks`, query, stopping.signal).then(setBlocks, () => setBlocks([]));
    }, 150);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [text]);
  const wanted = text.toLowerCase();
  const found = entries(blocks).filter((each) => each.text.toLowerCase().includes(wanted)).slice(0, MOST);
  /** @param {ReturnType<typeof entries>[0]} entry */
  const open = (entry) => {
    close();
    if (entry) go(entry.path);
  };
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setChosen((before) => (before + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(found[chosen]);
    }
  };
  return html`<${Dialog} title=${t("search")} onClose=${close}>
    <label class="field"><span class="visually-hidden">${t("search")}</span>
      <input type="search" autofocus value=${text} role="combobox" aria-expanded="true" aria-controls="found" aria-activedescendant=${`found-${chosen}`}
        onInput=${(event) => (setText(event.target.value), setChosen(0))} onKeyDown=${move} /></label>
    <ul id="found" role="listbox" aria-label=${t("search")} class="found">
      ${found.map(
        (each, index) => html`<li role="option" id=${`found-${index}`} aria-selected=${index === chosen ? "true" : "false"}>
          <a tabindex="-1" href=${link(each.path)}
            onClick=${(event) => (event.preventDefault(), open(each))}>${each.text} <small>${each.kind}</small></a></li>`,
      )}
    </ul>
    <p class="hint">${PAGES.filter((page) => page.key).map((page) => html`<span><kbd>g ${page.key}</kbd> ${t(`page.${page.name}`)} </span>`)}</p>
  <//>`;
}
