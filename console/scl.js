// @ts-check
/** SCL for the editor: which characters are a keyword, a name, a literal, a comment. The service's lexer has the same words. */
import { StreamLanguage } from "@codemirror/language";

export const KEYWORDS = `
  AND BEGIN BY CASE CONTINUE DATA_BLOCK DIV DO ELSE ELSIF END_CASE END_DATA_BLOCK END_FOR END_FUNCTION END_FUNCTION_BLOCK END_IF
  END_ORGANIZATION_BLOCK END_REGION END_REPEAT END_STRUCT END_TYPE END_VAR END_WHILE EXIT FOR FUNCTION FUNCTION_BLOCK GOTO IF MOD NOT OF OR
  ORGANIZATION_BLOCK REGION REPEAT RETURN STRUCT THEN TO TYPE UNTIL VAR VAR_INPUT VAR_IN_OUT VAR_OUTPUT VAR_TEMP WHILE XOR
`.trim().split(/\s+/);
const WORDS = new Set(KEYWORDS);
/** @type {Record<string, string>} */
const ENDS = { "(*": "*)", "/*": "*/", "(/*": "*/)" };

/**
 * Read what a pattern matches here; empty where it does not.
 * @param {import("@codemirror/language").StringStream} stream @param {RegExp} pattern
 */
function matched(stream, pattern) {
  const found = stream.match(pattern);
  return typeof found === "object" && found ? found[0] : "";
}

/**
 * Read one piece of a line.
 * @param {import("@codemirror/language").StringStream} stream
 * @param {{end: string, member: boolean}} state end: what closes the open comment; member: whether a dot came before.
 * @returns {string|null} The kind of the piece.
 */
function token(stream, state) {
  if (state.end) return readComment(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match("//")) {
    stream.skipToEnd();
    return "comment";
  }
  const opening = matched(stream, /^(\(\/\*|\(\*|\/\*)/);
  if (opening) {
    state.end = ENDS[opening];
    return readComment(stream, state);
  }
  const isMember = state.member;
  state.member = false;
  if (stream.match(/^#("[^"]*"|[\p{L}_][\p{L}\p{N}_]*)/u)) return "variableName";
  if (stream.match(/^"[^"]*"/)) return "propertyName";
  if (stream.match(/^'([^'$]|\$.)*'?/)) return "string";
  if (stream.match(/^%[A-Za-z]+[\d.A-Za-z]*/)) return "atom";
  if (stream.match(/^(\d[\d_]*#[\dA-Fa-f_]+|\d[\d_]*(\.\d[\d_]*)?([Ee][+-]?\d+)?)/)) return "number";
  const word = matched(stream, /^[\p{L}_][\p{L}\p{N}_]*/u);
  if (word) {
    if (!isMember && WORDS.has(word.toUpperCase())) return /^(region|end_region)$/i.test(word) ? readTitle(stream) : "keyword";
    if (stream.match(/^#[+-]?[\w.:+-]+/)) return "number";
    return "name";
  }
  state.member = stream.next() === ".";
  return "operator";
}

/** A region's title is the rest of its line. @param {import("@codemirror/language").StringStream} stream */
function readTitle(stream) {
  stream.skipToEnd();
  return "keyword";
}

/**
 * @param {import("@codemirror/language").StringStream} stream
 * @param {{end: string}} state
 */
function readComment(stream, state) {
  if (stream.skipTo(state.end)) {
    stream.match(state.end);
    state.end = "";
  } else stream.skipToEnd();
  return "comment";
}

export const scl = StreamLanguage.define({
  name: "scl",
  startState: () => ({ end: "", member: false }),
  token,
  languageData: { commentTokens: { line: "//", block: { open: "(*", close: "*)" } } },
});
