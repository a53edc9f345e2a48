import { categories } from "#domain/channels/category.ts";
import { Select } from "../ui/field.tsx";

const options = [
  { value: "", words: "None" },
  ...categories.map((category) => ({ value: category, words: category.replace(" > ", " › ") })),
];

/** Where directories list the podcast. */
export const CategoryField = ({ chosen, problem }: { chosen: string | null; problem: string | undefined }) => (
  <Select
    label="Category in directories"
    name="category"
    options={options}
    defaultValue={chosen ?? ""}
    problem={problem}
  />
);
