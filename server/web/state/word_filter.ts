/** Finding things by a few words that somebody typed. */

/** Tells whether a text contains every word of `typed`, in any order and case; every text does when nothing was typed. */
export function wordFilter(typed: string): (searched: string) => boolean {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return (searched) => {
    const text = searched.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
