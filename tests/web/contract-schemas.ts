import fc from "fast-check";
import { z } from "zod";
import { openApiDocument } from "#web/api/openapi.ts";

/** A JSON schema as our document writes them. */
export const Schema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxItems: z.number().optional(),
  minItems: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
  get anyOf() {
    return z.array(Schema).optional();
  },
  get oneOf() {
    return z.array(Schema).optional();
  },
});
export type Schema = z.infer<typeof Schema>;

const Content = z.record(z.string(), z.object({ schema: Schema.optional() }));
const Operation = z.object({
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(["path", "query"]),
        required: z.boolean().default(false),
        schema: Schema,
      }),
    )
    .default([]),
  requestBody: z.object({ required: z.boolean().default(false), content: Content }).optional(),
  responses: z.record(z.string(), z.object({ content: Content.optional() })),
});
export type Operation = z.infer<typeof Operation>;

const document = z
  .object({
    paths: z.record(z.string(), z.record(z.string(), Operation)),
    components: z.object({ schemas: z.record(z.string(), Schema) }),
  })
  .parse(JSON.parse(JSON.stringify(openApiDocument())));

const { schemas } = document.components;

export const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
);

/** A check of values against a schema of the document. */
export function checkOf(schema: Schema): z.ZodType {
  const local = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll("#/components/schemas/", "#/$defs/"));
  return z.fromJSONSchema({ ...Object(local(schema)), $defs: local(schemas) } as Parameters<
    typeof z.fromJSONSchema
  >[0]);
}

const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : (schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {});

/** Text as nobody should send it. */
export const hostileText = fc.oneof(
  fc.constantFrom("\0", "a\0b", "\ud800", "\udfff x", "\x1b[31mred", "\u0085\u009f", "\u202eabc", "👩‍👩‍👧‍👦", "é", " ", "", "__proto__", "null", "../..", "<b>", "%00", "'; --"),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.integer({ min: 1, max: 100_000 }).map((length) => "x".repeat(length)),
); // prettier-ignore

/** Values that fit a schema, as far as the schema says what fits. */
export function fitting(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const { type, enum: words, anyOf, oneOf, ...rest } = resolved(schema);
  if (words !== undefined) return fc.constantFrom(...words);
  if ("const" in rest) return fc.constant(rest.const);
  const choices = anyOf ?? oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => fitting(choice, depth + 1)));
  const types = [type ?? "any"].flat();
  return fc.oneof(...types.map((each) => ofType(each, rest, depth)));
}

function ofType(type: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { minimum = -1_000, maximum = 1_000 } = schema;
  switch (type) {
    case "string":
      return textOf(schema);
    case "integer":
      return fc.integer({ min: Math.ceil(minimum), max: Math.floor(Math.max(minimum, maximum)) });
    case "number":
      return fc.double({ min: minimum, max: Math.max(minimum, maximum), noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array": {
      const { items = {}, minItems = 0, maxItems = 3 } = schema;
      return fc.array(fitting(items, depth + 1), { minLength: minItems, maxLength: Math.min(maxItems, minItems + 3) });
    }
    case "object": {
      const { properties = {}, required = [] } = schema;
      const fields = Object.entries(properties).map(([name, field]) => [name, fitting(field, depth + 1)]);
      return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: required });
    }
    default:
      return depth > 3 ? fc.constant(null) : fc.jsonValue({ maxDepth: 2 });
  }
}

function textOf({ format, pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  if (format === "uuid") return fc.uuid();
  if (format === "email") return fc.emailAddress();
  if (format === "uri") return fc.webUrl();
  if (format === "date-time") return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()); // prettier-ignore
  if (format === "date") return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString().slice(0, 10)); // prettier-ignore
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  const longest = Math.max(minLength, Math.min(maxLength, minLength + 40));
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ minLength, maxLength: longest }) },
    { weight: 1, arbitrary: fc.constant("x".repeat(Math.min(maxLength, 20_000))) },
  );
}

/** Values that mostly do not fit: fields left out, of other types, too long, hostile, too many, or no object at all. */
export function broken(schema: Schema): fc.Arbitrary<unknown> {
  const whole = resolved(schema);
  const names = Object.keys(whole.properties ?? {});
  const anything = fc.oneof(hostileText, fc.constantFrom<unknown>(null, true, 0, -1, 1e308, [], {}, [[[[[[]]]]]], { __proto__: null }), fc.jsonValue({ maxDepth: 3 })); // prettier-ignore
  if (names.length === 0) return anything;
  const changed = fc
    .tuple(fitting(whole), fc.dictionary(fc.constantFrom(...names), anything, { minKeys: 1, maxKeys: 3 }))
    .map(([value, changes]) => ({ ...Object(value), ...changes }) as unknown);
  const without = fc
    .tuple(fitting(whole), fc.constantFrom(...names))
    .map(([value, name]) =>
      Object.fromEntries(Object.entries(Object(value) as object).filter(([key]) => key !== name)),
    );
  return fc.oneof(
    { weight: 5, arbitrary: changed },
    { weight: 2, arbitrary: without },
    { weight: 1, arbitrary: anything },
  );
}
