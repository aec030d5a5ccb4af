// @ts-check
/** How much of a program the tests have reached: by block, and in all. */
import { html } from "htm/preact";
import { number, t } from "../../texts.js";
import { Table } from "../table.js";

/** @param {{coverage: Api.CoverageTotals}} given */
export function Coverage({ coverage }) {
  /** @param {Api.Count} count */
  const share = (count) => `${number(count.percent, 1)} % (${count.reached}/${count.total})`;
  const rows = [...coverage.blocks, { ...coverage, block: t("tests.coverage.all") }];
  return html`<h2>${t("tests.coverage")}</h2>
    <${Table} label=${t("tests.coverage")} rows=${rows} keyOf=${(each) => each.block} columns=${[
      { id: "block", title: t("tests.block"), sort: true, wide: true },
      .../** @type {const} */ (["statements", "branches", "networks"]).map((id) =>
        ({ id, title: t(`tests.${id}`), numeric: true, show: (/** @type {Api.BlockCoverage} */ each) => share(each[id]) })),
    ]} />`;
}
