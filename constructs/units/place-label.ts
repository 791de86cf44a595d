/** The label of the node that has a service's volume: `shop.mariadb`. */
export const placeLabel = (namespace: string, service: string): string => `${namespace}.${service}`;

/** The constraint that keeps it there. */
export const pinnedTo = (label: string): string => `node.labels.${label}==true`;
