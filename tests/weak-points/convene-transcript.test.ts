import { testConvene } from "./convene-scenarios.ts";
import { transcript } from "./scenarios/transcript.ts";

testConvene(transcript);
