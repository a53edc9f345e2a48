import { testConvene } from "../weak-points/convene-scenarios.ts";
import { scenarios } from "../weak-points/scenarios.ts";

testConvene(scenarios, { isKilling: true });
