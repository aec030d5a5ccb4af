// Node-RED's client of the S7 protocol: reads values of a data block, writes them, and reads them again.
const NodeS7 = require("nodes7");

const [port] = process.argv.slice(2).map(Number);
const tags = {
  SPEED: "DB1,REAL2",
  COUNT: "DB1,INT6",
  TOTAL: "DB1,DINT8",
  RUNNING: "DB1,X0.0",
  NAME: "DB1,S12.10",
  FLAG: "M10.1",
  LIST: "DB1,INT44.100",
};
const written = { SPEED: 12.5, COUNT: -3, TOTAL: 70000, RUNNING: true, FLAG: true };
const connection = new NodeS7({ silent: true });

const fail = (why) => {
  console.error(why);
  process.exit(1);
};

const read = () =>
  new Promise((done) => connection.readAllItems((bad, values) => done({ bad, values })));

connection.initiateConnection({ port, host: "127.0.0.1", rack: 0, slot: 1 }, async (error) => {
  if (error) fail(`no connection: ${error}`);
  connection.setTranslationCB((name) => tags[name]);
  connection.addItems(Object.keys(tags));
  const before = await read();
  connection.writeItems(Object.keys(written), Object.values(written), async (bad) => {
    if (bad) fail("a write was refused");
    const after = await read();
    connection.dropConnection(() => {
      console.log(JSON.stringify({ before, after }));
      process.exit(0);
    });
  });
});
