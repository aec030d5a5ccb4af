// @ts-check
/** The commands for the open project and the chosen PLC; each shows its dry run, or what it would replace, before it does anything. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { path, send } from "../api.js";
import { may, plc as chosen, project, readProject, toast } from "../state.js";
import { t } from "../texts.js";
import { Action } from "./action.js";
import { Dialog } from "./dialog.js";
import { Problem } from "./problem.js";

/** What the reader agrees to with the button; the dialog says it. Any other question of TIA Portal ends the download. */
const AGREED = {
  StopModules: "StopAll",
  StartModules: "StartModule",
  OverwriteSystemData: "Overwrite",
  CheckBeforeDownload: true,
  ConsistentBlocksDownload: "ConsistentDownload",
  DataBlockReinitialization: "StopPlcAndReinitialize",
};

/** A button that opens the comparison; with `isLoading` also the download. @param {{plc: string, isLoading?: boolean}} given */
export function Load({ plc, isLoading = true }) {
  const [isOpen, setOpen] = useState(false);
  if (isLoading && !may("operator")) return null;
  return html`<button type="button" onClick=${() => setOpen(true)}>${t(isLoading ? "download" : "compare")}</button>
    ${isOpen && html`<${Plan} plc=${plc} isLoading=${isLoading} onClose=${() => setOpen(false)} />`}`;
}

/** @param {{plc: string, isLoading: boolean, onClose: () => void}} given */
function Plan({ plc, isLoading, onClose }) {
  const [compared, setCompared] = useState(/** @type {Api.CompareComparison|null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [isBusy, setBusy] = useState(true);
  const target = path`devices/${plc}/actions`;
  useEffect(() => {
    const done = () => setBusy(false);
    send("POST", `${target}/compare`, { body: {} }).then(({ data }) => setCompared(data), setProblem).then(done);
  }, []);
  const load = async () => {
    setBusy(true);
    try {
      await send("POST", `${target}/download-sync`, { body: { scope: "HardwareAndSoftwareOnlyChanges", prompts: AGREED } });
      toast(t("download.done", { plc }), { kind: "done" });
      onClose();
    } catch (failed) {
      setProblem(failed);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${t(isLoading ? "download.title" : "compare.title", { plc })} onClose=${onClose} wide>
    ${isBusy && html`<p class="busy" role="status">${t("busy")}</p>`}
    ${problem && html`<${Problem} problem=${problem} />`}
    ${compared && html`<p>${t(compared.identical ? "compare.equal" : "compare.differs", { count: compared.differences.length })}</p>
      <ul class="changes">${compared.differences.map((each) =>
        html`<li><code>${each.name}</code> ${each.difference}${each.detail && `: ${each.detail}`}</li>`)}</ul>`}
    ${isLoading && html`<p class="warning">${t("download.does")}</p>`}
    <p class="buttons">${isLoading && html`<button type="button" class="main danger" disabled=${isBusy} onClick=${load}>${t("download")}</button>`}
      <button type="button" onClick=${onClose}>${t(isLoading ? "cancel" : "close")}</button></p>
  <//>`;
}

export function Save() {
  const save = { method: "POST", path: "projects/actions/save-sync", body: {} };
  return html`<${Action} preview request=${save} onDone=${() => (toast(t("project.saved"), { kind: "done" }), readProject())}>${t("project.save")}<//>`;
}

export function Commands() {
  const name = chosen.value;
  if (!project.value || !name) return null;
  /** @param {string} action */
  const post = (action) => ({ method: "POST", path: `${path`devices/${name}`}/${action}`, body: {} });
  /** @param {{data: Api.CompileReport}} answer */
  const compiled = ({ data: { result } }) =>
    toast(t("findings.result", { errors: result.errorCount, warnings: result.warningCount }), { kind: result.errorCount ? "failed" : "done" });
  return html`<div class="commands buttons" role="group" aria-label=${t("commands", { plc: name })}>
    ${may("engineer") && html`<${Action} preview request=${post("actions/compile-sync")} onDone=${compiled}>${t("compile")}<//>`}
    <${Load} plc=${name} isLoading=${false} /><${Load} plc=${name} />
    ${may("operator") && html`<${Action} right="operator" preview request=${post("cpu/actions/start")}
      onDone=${() => toast(t("cpu.started", { plc: name }), { kind: "done" })}>${t("commands.run")}<//>`}
  </div>`;
}
