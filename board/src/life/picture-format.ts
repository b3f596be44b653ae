/** Names the shape of frames that this build knows; the build fills it in, a test has none. */
export const pictureFormat = String(import.meta.env.PICTURE_FORMAT ?? 'unbuilt');
