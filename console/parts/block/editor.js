// @ts-check
/**
 * The editor for code: CodeMirror, loaded by what shows code. It is in a shadow root, where its styles are style sheets made by
 * script, which the page's policy allows.
 */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, linter } from "@codemirror/lint";
import { MergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { scl } from "../../scl.js";
import { t } from "../../texts.js";

/** Milliseconds without a keystroke after which the text is checked. */
const PAUSE = 300;

const THEME = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--card)", border: "1px solid var(--line)", borderRadius: "4px", fontSize: "14px" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-content": { caretColor: "var(--text)", fontFamily: 'ui-monospace, "Cascadia Mono", Consolas, monospace', minHeight: "8em" },
  ".cm-scroller": { maxHeight: "65vh", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "var(--back)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent", boxShadow: "inset 3px 0 var(--accent)" },
  ".cm-selectionMatch, .cm-matchingBracket": { backgroundColor: "var(--mark)", outline: "1px solid var(--line)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--card)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-tooltip a, .cm-diagnostic a": { color: "var(--accent)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-deletedChunk, .cm-merge-a .cm-changedLine": { backgroundColor: "var(--removed)" },
  ".cm-insertedLine, .cm-merge-b .cm-changedLine": { backgroundColor: "var(--added)" },
  "&.cm-merge-a .cm-changedLine": { backgroundColor: "var(--removed)" },
  "&.cm-merge-b .cm-changedLine": { backgroundColor: "var(--added)" },
  "&.cm-merge-a .cm-changedText, &.cm-merge-b .cm-changedText": { background: "none", textDecoration: "underline", fontWeight: "700" },
  ".cm-collapsedLines": { color: "var(--text)", background: "var(--mark)" },
});
const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.atom], color: "var(--busy)" },
  { tag: tags.variableName, color: "var(--text)", fontWeight: "500" },
]);

/** @param {string} label @param {boolean} readOnly */
function common(label, readOnly) {
  return [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    scl,
    syntaxHighlighting(COLOURS),
    THEME,
    EditorState.readOnly.of(readOnly),
    EditorState.phrases.of({ "No diagnostics": t("code.fine"), Diagnostics: t("code.findings") }),
    EditorView.contentAttributes.of({ "aria-label": label, ...(readOnly ? { tabindex: "0" } : {}) }),
    EditorView.editable.of(!readOnly),
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap, ...(readOnly ? [] : [indentWithTab])]),
  ];
}

/**
 * Show a text to edit.
 * @param {{host: HTMLElement, text: string, label: string, onChange: (text: string) => void, check: (text: string) => Promise<any[]>}} given
 *   check: gives the findings of the service about a text.
 */
export function createEditor({ host, text, label, onChange, check }) {
  const root = host.shadowRoot || host.attachShadow({ mode: "open" });
  const findings = async (/** @type {EditorView} */ view) => (await check(view.state.doc.toString())).map((each) => mark(view, each));
  const view = new EditorView({
    root,
    parent: root,
    doc: text,
    extensions: [
      ...common(label, false),
      highlightActiveLine(),
      lintGutter(),
      linter(findings, { delay: PAUSE }),
      EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
    ],
  });
  return view;
}

/**
 * Show two texts side by side with their differences.
 * @param {{host: HTMLElement, left: string, right: string, labels: [string, string], onChange?: (text: string) => void}} given
 *   onChange: gets the right text, which may then be edited, also by taking over single differences.
 */
export function createMerge({ host, left, right, labels, onChange }) {
  const root = host.shadowRoot || host.attachShadow({ mode: "open" });
  const changed = EditorView.updateListener.of((update) => update.docChanged && onChange?.(update.state.doc.toString()));
  return new MergeView({
    root,
    parent: root,
    a: { doc: left, extensions: common(labels[0], true) },
    b: { doc: right, extensions: [...common(labels[1], !onChange), changed] },
    collapseUnchanged: { margin: 3, minSize: 6 },
    ...(onChange ? { revertControls: /** @type {"a-to-b"} */ ("a-to-b"), renderRevertControl: takeOver } : {}),
  });
}

function takeOver() {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "→";
  button.setAttribute("aria-label", t("merge.take"));
  button.title = t("merge.take");
  return button;
}

/**
 * Make a mark of the editor of a finding of the service.
 * @param {EditorView} view
 * @param {any} finding
 */
function mark(view, finding) {
  const at = (/** @type {number} */ line, /** @type {number} */ column) => {
    const found = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    return Math.min(found.from + Math.max(column, 1) - 1, found.to);
  };
  const from = at(finding.line, finding.column);
  return {
    from,
    to: Math.max(from, at(finding.endLine, finding.endColumn)),
    severity: finding.severity === "note" ? "info" : finding.severity,
    message: finding.message,
    renderMessage: () => message(finding),
    actions: finding.changes.length ? [{ name: t("code.fix"), apply: () => view.dispatch({ changes: finding.changes.map(replace) }) }] : [],
  };

  /** @param {any} change */
  function replace(change) {
    return { from: at(change.line, change.column), to: at(change.endLine, change.endColumn), insert: change.text };
  }
}

/** @param {any} finding */
function message(finding) {
  const line = document.createElement("span");
  line.append(`${finding.message} `);
  const code = document.createElement(finding.address ? "a" : "code");
  code.textContent = finding.code;
  if (code instanceof HTMLAnchorElement) {
    code.href = finding.address;
    code.target = "_blank";
  }
  line.append(code);
  return line;
}
