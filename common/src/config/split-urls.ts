/** The URLs of a comma-separated list. A comma of a password is no separator: no URL follows it. */
export const splitUrls = (list: string): string[] => list.split(/\s*,\s*(?=[a-z]+:\/\/|$)/).filter((one) => one !== '')
