// Reads a terminal with zkteco-js, unchanged, and prints what it saw as one JSON object.
// usage: node read.js ADDRESS PORT (the package is found through NODE_PATH)
const { createHash } = require('crypto');
const Zkteco = require('zkteco-js');

const [address, port] = process.argv.slice(2);

async function main() {
    const terminal = new Zkteco(address, Number(port), 10000, 0);
    await terminal.createSocket();
    const users = await terminal.getUsers();
    const { data: rows } = await terminal.getAttendances();
    await terminal.disconnect();
    const digest = createHash('sha256');
    for (const row of rows) {
        const second = new Date(row.record_time).toISOString().slice(0, 19);
        digest.update(`${row.sn}|${row.user_id}|${second}|${row.type}|${row.state}\n`);
    }
    const seen = { users: users.data.length, rows: rows.length, digest: digest.digest('hex') };
    process.stdout.write(`${JSON.stringify(seen)}\n`);
}

main().then(() => process.exit(0), (error) => {
    process.stderr.write(`${error && error.stack || error}\n`);
    process.exit(1);
});
