/** The whole number in a field, 0 where there is none. */
export function numberIn(event: Event): number {
  const text = textIn(event);
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

export function textIn(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;
}
