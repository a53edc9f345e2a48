// Prints "passed failed skipped" of a vitest JSON report and adds the names of tests that passed only when tried again
// to the file of the second argument. Plain JavaScript: .ci/run may meet an older Node.
const { appendFileSync, readFileSync } = require("node:fs");
const { relative } = require("node:path");

const [, , reportFile, retriedFile] = process.argv;
const report = JSON.parse(readFileSync(reportFile, "utf8"));
for (const { name, assertionResults } of report.testResults) {
  // What the first try failed of stays in the report.
  const retried = assertionResults.filter((test) => test.status === "passed" && test.failureMessages.length > 0);
  for (const { fullName, failureMessages } of retried) {
    const [why] = failureMessages[0].split("\n");
    appendFileSync(retriedFile, `${relative(process.cwd(), name)} > ${fullName} (at first: ${why})\n`);
  }
}
const skipped = report.numPendingTests + report.numTodoTests;
const brokenFiles = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
console.log(report.numPassedTests, report.numFailedTests + brokenFiles.length, skipped);
