import { data } from "react-router";

export function loader() {
  throw data("No page has this address. It may have been deleted, or the link may be incomplete.", { status: 404 });
}

export default function NotFound() {
  return null;
}
