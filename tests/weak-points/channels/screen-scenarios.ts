import { expectSoon } from "../expect.ts";
import type { JobsScenario } from "./scenarios.ts";
import type { JobsSystem } from "./system.ts";

/** A channel, and a page of its owner's on which a component follows it. */
async function shown(system: JobsSystem) {
  const agentId = await system.addAgent();
  const screen = system.screen();
  const component = screen.mount(agentId);
  const ready = () =>
    expectSoon(() => component.isReady(), true, {
      what: "whether the page is connected",
      withinMs: system.patienceMs,
    });
  await ready();
  return { agentId, screen, component };
}

/** Weak points of what runs in the browser, on its parts that need none. */
export const screenScenarios: JobsScenario[] = [
  {
    number: 13,
    title: "Changing the agent on screen",
    async run(system) {
      const { screen, component } = await shown(system);
      const other = await system.addAgent();
      component.unmount();
      const next = screen.mount(other);
      system.hold("download");
      await system.publish(other, "A talk");
      await expectSoon(() => next.jobs(), 1, {
        what: "jobs on a page that went from one channel to another",
        withinMs: system.patienceMs,
      });
    },
  },
  {
    number: 14,
    title: "Removing listeners removes everyone's",
    async run(system) {
      const { agentId, screen, component } = await shown(system);
      const beside = screen.mount(agentId);
      beside.unmount();
      system.hold("download");
      await system.publish(agentId, "A talk");
      await expectSoon(() => component.jobs(), 1, {
        what: "jobs of a component after another one on the page has gone",
        withinMs: system.patienceMs,
      });
    },
  },
  {
    number: 15,
    title: "Half of the events reach nobody",
    async run(system) {
      const { agentId, component } = await shown(system);
      await system.backfill(agentId);
      await expectSoon(() => component.handled.some((name) => name.startsWith("backfill")), true, {
        what: "whether anything on the page heard of a backfill",
        withinMs: system.patienceMs,
      });
    },
  },
];
