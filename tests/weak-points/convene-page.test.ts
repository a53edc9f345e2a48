import { testConvene } from "./convene-scenarios.ts";
import { page } from "./scenarios/page.ts";

testConvene(page);
