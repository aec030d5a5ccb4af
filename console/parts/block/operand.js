// @ts-check
/** The chosen operand: its value, address and comment; and the ways on, of which F leads to the network that writes it. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { get, path } from "../../api.js";
import { onKeys } from "../../keys.js";
import { link, setQuery } from "../../router.js";
import { toast } from "../../state.js";
import { t } from "../../texts.js";
import { Dialog } from "../dialog.js";

/** @param {{project: string, plc: string, block: string, choice: {operand: string, network: number}|null, flow: import("./flow.js").Flow}} given */
export function Operand({ project, plc, block, choice, flow }) {
  const [about, setAbout] = useState(/** @type {About|null} */ (null));
  const operand = choice?.operand || "";
  useEffect(() => {
    setAbout(null);
    let isWanted = true;
    if (operand) describe(plc, block, operand).then((found) => isWanted && setAbout(found), () => null);
    return () => {
      isWanted = false;
    };
  }, [operand]);
  const [places, setPlaces] = useState(/** @type {Place[]|null} */ (null));
  const follow = async () => {
    try {
      const found = await writers(plc, block, operand);
      if (!found.length) toast(t("operand.unwritten", { operand }));
      else if (found.length > 1) setPlaces(found);
      else location.hash = addressOf(found[0]);
    } catch (problem) {
      toast(String(/** @type {Error} */ (problem).message), { kind: "failed" });
    }
  };
  /** @param {Place} place */
  const addressOf = (place) => link(["p", project, plc, "blocks", place.block], { net: place.network, tab: place.network ? "drawing" : "code" });
  useEffect(() => onKeys((event) => {
    if (event.key.toLowerCase() !== "f" || !operand) return;
    event.preventDefault();
    void follow();
  }), [operand, block]);
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
    ${places && html`<${Dialog} title=${t("operand.writers", { operand })} onClose=${() => setPlaces(null)}>
      <ul>${places.map((each) => html`<li><a href=${addressOf(each)}
        onClick=${() => setPlaces(null)}>${each.block}${each.network > 0
          && ` · ${t("network", { number: each.network })}`}</a> <small>${each.access}</small></li>`)}</ul><//>`}
  </aside>`;
}

/** The plain name of a tag; empty for other operands. @param {string} operand */
export function tagOf(operand) {
  return /^"([^"]+)"$/.exec(operand)?.[1] || "";
}

/**
 * @typedef {{dataType: string, address?: string, comment: string, section?: string}} About
 * @param {string} plc @param {string} block @param {string} operand
 * @returns {Promise<About|null>}
 */
async function describe(plc, block, operand) {
  const tag = tagOf(operand);
  if (tag) {
    /** @type {Api.TagsTagInfo[]} */
    const all = await get(path`devices/${plc}/tags/all`, { filter: `name~${tag.replace(/[;*?[]/g, "?")}` });
    const found = all.find((each) => each.name === tag);
    return found ? { dataType: found.dataType, address: found.logicalAddress, comment: found.comment } : null;
  }
  if (!operand.startsWith("#")) return null;
  const name = operand.slice(1).split(/[.[]/)[0].replaceAll('"', "");
  /** @type {Api.BlockContent} */
  const content = await get(path`devices/${plc}/blocks/${block}/content`);
  const member = content.interface.find((each) => each.name === name);
  return member ? { dataType: member.dataType, comment: member.comment, section: member.section } : null;
}

/** @typedef {{block: string, network: number, access: string}} Place network: 0 for code that has none. */

/** A name without quotes and case, as cross references may write it. @param {string} name */
const plain = (name) => name.replaceAll('"', "").toLowerCase();

/** Whether one operand is the other one, or a part of it: who writes a structure writes its members. @param {string} one @param {string} other */
function isPart(one, other) {
  const [short, long] = [plain(one), plain(other)].sort((a, b) => a.length - b.length);
  return long.startsWith(short) && /^($|[.[])/.test(long.slice(short.length));
}

/**
 * The places that write an operand, as the cross references name them; of an instance's member that nobody writes, its calls.
 * @param {string} plc @param {string} block @param {string} operand
 * @returns {Promise<Place[]>}
 */
async function writers(plc, block, operand) {
  const isOwn = operand.startsWith("#");
  const tag = tagOf(operand);
  const db = /^"([^"]+)"[.[]/.exec(operand)?.[1] || "";
  if (!isOwn && !tag && !db) return [];
  const target = tag ? path`devices/${plc}/tags/${tag}/cross-references` : path`devices/${plc}/blocks/${isOwn ? block : db}/cross-references`;
  /** @type {Api.BlockReferences} */
  const { sources } = await get(target);
  const references = sources.flatMap((source) =>
    source.referenceObjects.flatMap((other) => other.locations.map((each) => ({ ...each, of: isOwn ? other.name : source.name }))),
  );
  /** @param {(reference: typeof references[0]) => any} isMeant */
  const places = (isMeant) => {
    /** @type {Map<string, Place>} */
    const found = new Map();
    for (const { access, referenceLocation } of references.filter(isMeant)) {
      const [, name = "", network = "0"] = /^@?(.+?)\s*▶\s*(?:NW(\d+))?/.exec(referenceLocation) || [];
      if (name) found.set(`${name} ${network}`, { block: name.replaceAll('"', ""), network: Number(network), access });
    }
    return [...found.values()];
  };
  const written = places((each) => /write|rw/i.test(each.access) && (tag || isPart(each.of, operand)));
  return written.length || !db ? written : places((each) => each.access === "InstanceDB");
}
