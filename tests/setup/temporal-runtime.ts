import { DefaultLogger, Runtime } from "@temporalio/worker";

// Once for all files of a process, before the first of them makes a worker: a second time is refused. What the SDK says
// of activities that fail on purpose would drown the tests' own words.
Runtime.install({ logger: new DefaultLogger("ERROR") });
