/** A piece of what is known of a person, and how many bits of the linkage key it is worth. */
export type Token = { readonly text: string; readonly bits: number };
