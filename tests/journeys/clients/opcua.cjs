// Does with node-opcua what Node-RED and gateways do: browse, read, write, subscribe. Prints what it saw as JSON.
const {
  AttributeIds, ClientMonitoredItem, ClientSubscription, DataType, MessageSecurityMode, OPCUAClient, SecurityPolicy,
  TimestampsToReturn, UserTokenType, VariantArrayType,
} = require("node-opcua-client");
const { OPCUACertificateManager } = require("node-opcua-certificate-manager");

const [url, policy, userName, password, folder] = process.argv.slice(2);
const s7 = (name) => `ns=3;s=${name}`;

async function browse(session, node, level = 0) {
  const found = [];
  for (const each of (await session.browse(node)).references || []) {
    const id = each.nodeId.toString();
    if (!each.isForward || each.nodeId.namespace === 0) continue;
    found.push(id);
    if (level < 5) found.push(...(await browse(session, id, level + 1)));
  }
  return found;
}

async function main() {
  const manager = new OPCUACertificateManager({ rootFolder: folder, automaticallyAcceptUnknownCertificate: true });
  await manager.initialize();
  const client = OPCUAClient.create({
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    securityMode: policy === "None" ? MessageSecurityMode.None : MessageSecurityMode.SignAndEncrypt,
    securityPolicy: SecurityPolicy[policy],
    clientCertificateManager: manager,
  });
  await client.connect(url);
  const user = userName ? { type: UserTokenType.UserName, userName, password } : { type: UserTokenType.Anonymous };
  const session = await client.createSession(user);
  const nodes = await browse(session, s7("PLC"));
  const values = {};
  const variables = await session.read(nodes.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })));
  variables.forEach((each, index) => {
    if (each.statusCode.name !== "Good") return;
    const value = each.value.value;
    const plain = ArrayBuffer.isView(value) || Array.isArray(value) ? Array.from(value, Number) : value;
    values[nodes[index]] = [DataType[each.value.dataType], plain, each.value.dimensions || null];
  });
  const write = async (name, dataType, value, more = {}) =>
    (await session.write({ nodeId: s7(name), attributeId: AttributeIds.Value, value: { value: { dataType, value, ...more } } })).name;
  const writes = {
    flag: await write('"Flag"', DataType.Boolean, true),
    list: await write('"Data"."list"', DataType.Int16, new Int16Array([1, -2, 3]), { arrayType: VariantArrayType.Array }),
    wrongType: await write('"Speed"', DataType.Int32, 1),
    output: await write('"Out"', DataType.Boolean, true),
  };
  const subscription = ClientSubscription.create(session, { requestedPublishingInterval: 50, publishingEnabled: true, requestedMaxKeepAliveCount: 10, requestedLifetimeCount: 100, maxNotificationsPerPublish: 100 });
  const item = ClientMonitoredItem.create(subscription, { nodeId: s7('"Data"."count"'), attributeId: AttributeIds.Value }, { samplingInterval: 50, queueSize: 1 }, TimestampsToReturn.Both);
  const counts = [];
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no changes")), 60000);
    item.on("changed", (each) => { counts.push(each.value.value); if (counts.length >= 3) resolve(); });
  });
  await subscription.terminate();
  await session.close();
  await client.disconnect();
  console.log(JSON.stringify({ nodes, values, writes, counts }));
  process.exit(0);
}

main().catch((error) => { console.error(error); process.exit(1); });
