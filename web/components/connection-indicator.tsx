export function ConnectionIndicator(_props: { compact?: boolean }) {
  return null;
}
