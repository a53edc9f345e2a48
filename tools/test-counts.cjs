// Prints "passed failed skipped" of a vitest JSON report. Adds the names of tests that passed only when tried again to
// the file of the second argument, and of those that failed to that of the third. Plain JavaScript: .ci/run may meet an
// older Node.
const { appendFileSync, readFileSync } = require("node:fs");
const { relative } = require("node:path");

const [, , reportFile, retriedFile, failedFile] = process.argv;
const report = JSON.parse(readFileSync(reportFile, "utf8"));
const firstLine = (text) => (text ?? "").split("\n")[0];
for (const { name, status, message, assertionResults } of report.testResults) {
  const file = relative(process.cwd(), name);
  for (const { fullName, status: outcome, failureMessages } of assertionResults) {
    const why = firstLine(failureMessages[0]);
    // What the first try failed of stays in the report.
    if (outcome === "passed" && why !== "") appendFileSync(retriedFile, `${file} > ${fullName} (at first: ${why})\n`);
    if (outcome === "failed") appendFileSync(failedFile, `${file} > ${fullName}: ${why}\n`);
  }
  if (status === "failed" && assertionResults.length === 0)
    appendFileSync(failedFile, `${file}: ${firstLine(message)}\n`);
}
const skipped = report.numPendingTests + report.numTodoTests;
const brokenFiles = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
console.log(report.numPassedTests, report.numFailedTests + brokenFiles.length, skipped);
