// @ts-check
/** The chosen operand: its value, address and comment; and the ways on, of which F leads to the network that writes it. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { get, path } from "../api.js";
import { go, link, setQuery } from "../router.js";
import { toast } from "../state.js";
import { t } from "../texts.js";

/** @param {{project: string, plc: string, block: string, choice: {operand: string, network: number}|null, flow: import("./flow.js").Flow}} given */
export function Operand({ project, plc, block, choice, flow }) {
  const [about, setAbout] = useState(/** @type {any} */ (null));
  const operand = choice?.operand || "";
  useEffect(() => {
    setAbout(null);
    let isWanted = true;
    if (operand) describe(plc, block, operand).then((found) => isWanted && setAbout(found), () => null);
    return () => {
      isWanted = false;
    };
  }, [operand]);
  const follow = () => void toWriter(project, plc, block, operand);
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const onKey = (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.key.toLowerCase() !== "f" || event.ctrlKey || event.metaKey || event.altKey || !operand) return;
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      follow();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [operand, block]);
  if (!choice) return html`<aside class="card operand" aria-label=${t("operand")}><p class="hint">${t("operand.none")}</p></aside>`;
  const found = flow.answer?.networks.find((each) => each.number === choice.network)?.operands.find((each) => each.operand === operand);
  const facts = [
    ["operand.value", found?.value && html`<span data-stale=${flow.isLive ? undefined : "yes"}>${found.value}</span>`],
    ["operand.type", found?.dataType || about?.dataType],
    ["operand.quality", found?.quality],
    ["operand.tag", found?.tag],
    ["operand.address", about?.address],
    ["interface.section", about?.section],
    ["operand.comment", about?.comment],
  ].filter(([, value]) => value);
  return html`<aside class="card operand" aria-label=${t("operand")}>
    <h2><code>${operand}</code></h2>
    <dl>${facts.map(([name, value]) => html`<dt>${t(String(name))}</dt><dd>${value}</dd>`)}</dl>
    <p class="buttons">
      <button type="button" onClick=${follow}>${t("operand.follow")} <kbd>F</kbd></button>
      <button type="button" onClick=${() => setQuery({ tab: "references", of: operand })}>${t("operand.references")}</button>
      ${found?.tag && html`<a class="button" href=${link(["p", project, plc, "watch"], { add: found.tag })}>${t("operand.watch")}</a>`}
    </p>
  </aside>`;
}

/** The plain name of a tag; empty for other operands. @param {string} operand */
export function tagOf(operand) {
  return /^"([^"]+)"$/.exec(operand)?.[1] || "";
}

/** @param {string} plc @param {string} block @param {string} operand */
async function describe(plc, block, operand) {
  const tag = tagOf(operand);
  if (tag) {
    const all = await get(path`devices/${plc}/tags/all`, { filter: `name~${tag.replace(/[;*?[]/g, "?")}` });
    const found = all.find((each) => each.name === tag);
    return found && { dataType: found.dataType, address: found.logicalAddress, comment: found.comment };
  }
  if (!operand.startsWith("#")) return null;
  const name = operand.slice(1).split(/[.[]/)[0].replaceAll('"', "");
  const content = await get(path`devices/${plc}/blocks/${block}/content`);
  const member = content.interface.find((each) => each.name === name);
  return member && { dataType: member.dataType, comment: member.comment, section: member.section };
}

/**
 * The places that write an operand, as the cross references name them.
 * @param {string} plc @param {string} block @param {string} operand
 * @returns {Promise<{block: string, network: number}[]>}
 */
async function writers(plc, block, operand) {
  if (operand.startsWith("#")) {
    const content = await get(path`devices/${plc}/blocks/${block}/content`);
    const writes = (part) =>
      (part.signal === operand && /Coil|^(Sr|Rs)$/.test(part.type)) || part.parameters.some((each) => each.value === operand && /^(out|q|et|cv|eno|ret_val)/i.test(each.name));
    return content.networks.filter((each) => each.parts.some(writes)).map((each) => ({ block, network: each.number }));
  }
  const tag = tagOf(operand);
  const [, db = "", member = ""] = /^"([^"]+)"\.(.+)$/.exec(operand) || [];
  const target = tag ? path`devices/${plc}/tags/${tag}/cross-references` : path`devices/${plc}/blocks/${db}/cross-references`;
  const { sources } = await get(target);
  const wanted = sources.filter((each) => tag || each.name.replaceAll('"', "").endsWith(member.replaceAll('"', "")));
  const places = wanted.flatMap((each) => each.referenceObjects.flatMap((other) => other.locations));
  return places
    .filter((each) => /write|rw/i.test(each.access))
    .flatMap((each) => {
      const found = /^@?(.+?)\s*▶\s*NW(\d+)/.exec(each.referenceLocation);
      return found ? [{ block: found[1].replaceAll('"', ""), network: Number(found[2]) }] : [];
    });
}

/** Show the network that writes an operand. @param {string} project @param {string} plc @param {string} block @param {string} operand */
async function toWriter(project, plc, block, operand) {
  try {
    const [found] = await writers(plc, block, operand);
    if (!found) toast(t("operand.unwritten", { operand }));
    else if (found.block === block) setQuery({ net: found.network, tab: "drawing" });
    else go(["p", project, plc, "blocks", found.block], { net: found.network });
  } catch (problem) {
    toast(String(/** @type {Error} */ (problem).message), { kind: "failed" });
  }
}
