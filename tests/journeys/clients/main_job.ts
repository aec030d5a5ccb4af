// The main job by a client that is typed by openapi-typescript: no cast, no narrowing of successes.
// Variables: TIA_URL, TIA_API_KEY.
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

declare const process: { env: Record<string, string | undefined> };
const client = createClient<paths>({
  baseUrl: process.env["TIA_URL"] ?? "",
  headers: { "X-API-Key": process.env["TIA_API_KEY"] ?? "" },
});
const source = `FUNCTION_BLOCK "Motor"
VAR_INPUT
  run : Bool;
END_VAR
BEGIN
  "Lamp" := #run;
END_FUNCTION_BLOCK
`;

async function main(): Promise<void> {
  const made = await client.POST("/api/v2/projects/actions/create-sync", { body: { name: "Typed" } });
  if (made.error) throw new Error(made.error.detail);
  const name: string = made.data.name;
  await client.POST("/api/v2/projects/devices/actions/add-sync", {
    body: { orderNumber: "6ES7 511-1AK02-0AB0", version: "V2.9", name: "PLC_1" },
  });
  const path = { deviceName: "PLC_1" };
  await client.POST("/api/v2/devices/{deviceName}/tags", {
    params: { path },
    body: { name: "Lamp", dataType: "Bool", logicalAddress: "%Q0.0", tableName: "Default tag table" },
  });
  await client.POST("/api/v2/devices/{deviceName}/external-sources/import-and-generate", {
    params: { path },
    body: { sclContent: source },
  });
  const compiled = await client.POST("/api/v2/devices/{deviceName}/actions/compile-sync", { params: { path }, body: {} });
  if (compiled.error) throw new Error(compiled.error.detail);
  const begun = await client.POST("/api/v2/devices/{deviceName}/actions/compile", { params: { path }, body: {} });
  if (begun.error) throw new Error(begun.error.detail);
  const jobId: string = begun.data.jobId;
  const job = await client.GET("/api/v2/jobs/{jobId}", { params: { path: { jobId } } });
  if (job.error) throw new Error(job.error.detail);
  const missing = await client.POST("/api/v2/devices/{deviceName}/actions/compile-sync", {
    params: { path: { deviceName: "PLC_2" } },
    body: {},
  });
  console.log(name, compiled.data.result.state, job.data.operation, missing.error?.code, missing.error?.candidates);
  await client.POST("/api/v2/projects/actions/close-sync", { body: { discard: true } });
}

main();
