/** The name of an event or a queue: a narrow screen breaks it between its words. */
export const Dotted = ({ name }: { name: string }) =>
  name.split(/(?<=[._])/).flatMap((part, index) => (index === 0 ? [part] : [<wbr key={part} />, part]))
