import { testConvene } from "./convene-scenarios.ts";
import { call } from "./scenarios/call.ts";

testConvene(call);
