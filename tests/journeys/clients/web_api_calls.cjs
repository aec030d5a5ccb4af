// The vendor's client for the Web API of S7-1500 CPUs against the server of this service; prints what it understood as JSON.
// Variables: ADDRESS (host and port), WEB_USER, WEB_PASSWORD.
const s7 = require("@siemens/simatic-s7-webserver-api");

const config = new s7.RequestConfig();
config.address = process.env.ADDRESS;
config.protocol = "https";
config.verifyTls = false;

async function main() {
  const { WEB_USER: user, WEB_PASSWORD: password } = process.env;
  const token = (await new s7.ApiLogin(config, user, password, false).execute()).result;
  const found = {};
  const ask = async (name, request) => { found[name] = (await request.execute())?.result; };
  await ask("methods", new s7.ApiBrowse(config));
  await ask("permissions", new s7.ApiGetPermissions(config));
  await ask("limits", new s7.ApiGetQuantityStructures(config, token));
  await ask("version", new s7.ApiVersion(config, token));
  await ask("ping", new s7.ApiPing(config, token));
  await ask("top", new s7.PlcProgramBrowse(config, token, "children"));
  await ask("below", new s7.PlcProgramBrowse(config, token, "children", '"Data"'));
  await ask("list", new s7.PlcProgramBrowse(config, token, "var", '"Data".list'));
  await ask("flag", new s7.PlcProgramRead(config, token, '"Flag"'));
  await ask("write", new s7.PlcProgramWrite(config, token, '"Flag"', true));
  await ask("wide", new s7.PlcProgramWrite(config, token, '"Data".wide', "18446744073709551615"));
  await ask("flagAfter", new s7.PlcProgramRead(config, token, '"Flag"', "raw"));
  await ask("wideAfter", new s7.PlcProgramRead(config, token, '"Data".wide'));
  await ask("missing", new s7.PlcProgramRead(config, token, '"nope"'));
  const bulk = new s7.JsonrpcBaseRequest(config.address, "https", false, "PlcProgram.Read", {}, token);
  const answers = await bulk.bulkExecute([{ var: '"Data".motor.speed' }, { var: '"Data".delay' }, { var: '"nope"' }]);
  found.bulk = answers.map((each) => each.result ?? each.error.code);
  await ask("mode", new s7.PlcReadOperatingMode(config, token));
  await ask("stop", new s7.PlcRequestChangeOperatingMode(config, token, "stop"));
  await ask("modeAfter", new s7.PlcReadOperatingMode(config, token));
  await ask("time", new s7.PlcReadSystemTime(config, token));
  await ask("buffer", new s7.DiagnosticBufferBrowse(config, token, "en-US", 2));
  await ask("alarms", new s7.AlarmsBrowse(config, token, "en-US"));
  const alarm = found.alarms.entries.find((each) => each.producer === "program_alarm").id;
  await ask("acknowledge", new s7.AlarmsAcknowledge(config, token, alarm));
  await ask("alarmsAfter", new s7.AlarmsBrowse(config, token, "en-US", undefined, alarm));
  await ask("logout", new s7.ApiLogout(config, token));
  await ask("afterwards", new s7.PlcProgramRead(config, token, '"Flag"'));
  process.stdout.write("\nFOUND " + JSON.stringify(found) + "\n");
}

main().catch((error) => { console.error(error); process.exit(1); });
