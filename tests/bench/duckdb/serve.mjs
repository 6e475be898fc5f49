// DuckDB in this process, in memory, on all cores. Reads JSON strings from standard input, one statement a line, and
// prints for each how many seconds it took until its rows were there, and the rows: {"seconds": 0.1, "rows": [[…], …]}.
import readline from "node:readline";

import { DuckDBInstance } from "@duckdb/node-api";

const connection = await (await DuckDBInstance.create(":memory:")).connect();
for await (const line of readline.createInterface({ input: process.stdin })) {
  const begin = process.hrtime.bigint();
  const result = await connection.runAndReadAll(JSON.parse(line));
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  console.log(JSON.stringify({ seconds, rows: result.getRowsJson() }));
}
process.exit(0);
