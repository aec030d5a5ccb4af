// @ts-check
/** Values as a watch table shows them: in the display formats of TIA Portal. */

/** Bits of the data types. @type {Record<string, number>} */
const BITS = {
  bool: 1, byte: 8, char: 8, sint: 8, usint: 8, word: 16, wchar: 16, int: 16, uint: 16, s5time: 16, date: 16, counter: 16, timer: 16,
  dword: 32, dint: 32, udint: 32, real: 32, time: 32, tod: 32, time_of_day: 32, lword: 64, lint: 64, ulint: 64, lreal: 64, ltime: 64,
};

/** The formats that a reader may choose; the empty one is that of the data type. */
export const FORMATS = ["", "Bool", "Bin", "Octal", "Hex", "DEC_signed", "DEC_unsigned", "Float", "Character", "Time"];

/**
 * Write a value.
 * @param {{value: any, text?: string, dataType: string}} value As the routes of the runtime give it.
 * @param {string} [format] A display format; where it does not fit, the value is written as its type is.
 * @returns {string}
 */
export function written({ value, text, dataType }, format = "") {
  const bits = BITS[dataType.toLowerCase()] || 0;
  const raw = format && bits ? pattern(value, dataType.toLowerCase(), bits) : null;
  if (raw !== null) {
    const signed = BigInt.asIntN(bits, raw);
    if (format === "Hex") return `16#${digits(raw, 16, Math.ceil(bits / 4))}`;
    if (format === "Bin") return `2#${digits(raw, 2, bits)}`;
    if (format === "Octal") return `8#${digits(raw, 8, Math.ceil(bits / 3))}`;
    if (format === "DEC_unsigned") return String(raw);
    if (format === "DEC_signed") return String(bits === 1 ? raw : signed);
    if (format === "Bool") return raw ? "TRUE" : "FALSE";
    if (format === "Time") return `T#${signed}ms`;
    if (format === "Character" && bits <= 16) return `'${raw > 31n ? String.fromCodePoint(Number(raw)) : "."}'`;
    if (format === "Float" && bits >= 32) return real(raw, bits);
  }
  if (text) return text;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (value === null || value === undefined) return "—";
  if (/^(byte|word|dword|lword)$/i.test(dataType)) return `16#${digits(BigInt(value), 16, bits / 4)}`;
  return String(value);
}

/**
 * Return a value as its bits.
 * @param {any} value
 * @param {string} dataType In small letters.
 * @param {number} bits
 * @returns {bigint|null}
 */
function pattern(value, dataType, bits) {
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (/char$/.test(dataType) && typeof value === "string" && value) return BigInt(/** @type {number} */ (value.codePointAt(0)));
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(String(value))) return null;
  if (/real$/.test(dataType)) {
    const view = new DataView(new ArrayBuffer(8));
    if (bits === 32) view.setFloat32(0, Number(value));
    else view.setFloat64(0, Number(value));
    return bits === 32 ? BigInt(view.getUint32(0)) : view.getBigUint64(0);
  }
  return /^-?\d+$/.test(String(value)) ? BigInt.asUintN(bits, BigInt(value)) : null;
}

/** @param {bigint} raw @param {number} base @param {number} width */
function digits(raw, base, width) {
  return raw.toString(base).toUpperCase().padStart(width, "0");
}

/** @param {bigint} raw @param {number} bits */
function real(raw, bits) {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits === 32 ? raw << 32n : raw);
  return String(bits === 32 ? Number(view.getFloat32(0).toPrecision(7)) : view.getFloat64(0));
}
