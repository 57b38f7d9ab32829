/** Colours of the style sheet for canvases, which can't use custom properties themselves. */

/** Value of a custom property as it is now, e.g. of `--series-blue`. */
export function colourOf(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}

/** A `#rrggbb` colour of the style sheet with an opacity between 0 and 1. */
export function translucent(property: string, opacity: number): string {
  return colourOf(property) + Math.round(opacity * 255).toString(16).padStart(2, "0");
}
