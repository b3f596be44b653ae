/** Does one thing to an incident, `ack` or `comment`; true when it was done. */
export type Act = (action: string, body?: object) => Promise<boolean>;
