/** Room code of the Штаб ППЭ, the room with the Internet. */
export const HQ_ROOM_CODE = '7777';
