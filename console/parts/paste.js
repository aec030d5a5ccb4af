// @ts-check
/** Rows of a spreadsheet for tags: cells separated by tabs, with or without a line of titles. */

/** Titles in English and German, as spreadsheets of TIA Portal have them. @type {Record<string, string>} */
const TITLES = {
  name: "name", symbol: "name", "tag name": "name", variable: "name",
  path: "path", table: "path", "tag table": "path", pfad: "path", tabelle: "path", variablentabelle: "path",
  "data type": "dataType", type: "dataType", datentyp: "dataType", typ: "dataType",
  "logical address": "logicalAddress", address: "logicalAddress", adresse: "logicalAddress", "logische adresse": "logicalAddress",
  comment: "comment", kommentar: "comment",
};
const ORDER = ["name", "dataType", "logicalAddress", "comment", "path"];

/**
 * Read rows.
 * @param {string} text
 * @returns {{tags: Record<string, string>[], fields: string[], lines: number[]}} The tags, the fields of the columns ("" for
 *   one that is not used), and the line of each tag, from 1.
 */
export function readRows(text) {
  const rows = split(text);
  const titles = (rows[0]?.cells || []).map((cell) => TITLES[cell.trim().toLowerCase()] || "");
  const isTitled = titles.includes("name") && titles.filter(Boolean).length > 1;
  const fields = isTitled ? titles : ORDER;
  /** @type {Record<string, string>[]} */
  const tags = [];
  const lines = [];
  for (const { cells, line } of rows.slice(isTitled ? 1 : 0)) {
    const tag = Object.fromEntries(cells.map((cell, index) => [fields[index], cell.trim()]).filter(([field, cell]) => field && cell));
    if (!Object.keys(tag).length) continue;
    tags.push({ name: "", ...tag });
    lines.push(line);
  }
  return { tags, fields, lines };
}

/**
 * Cut a text into cells; a spreadsheet puts a cell with line breaks in quotes.
 * @param {string} text
 */
function split(text) {
  /** @type {{cells: string[], line: number}[]} */
  const rows = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r?\n|$)/y;
  let row = { cells: /** @type {string[]} */ ([]), line: 1 };
  let line = 1;
  for (let found; cell.lastIndex < text.length && (found = cell.exec(text)); ) {
    row.cells.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    line += (found[0].match(/\n/g) || []).length;
    if (found[3] === "\t") continue;
    rows.push(row);
    row = { cells: [], line };
  }
  if (row.cells.length) rows.push(row);
  return rows;
}
