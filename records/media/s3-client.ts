import { S3Client } from "@aws-sdk/client-s3";

/** The settings that name a bucket; both processes read them under the same names. */
export interface S3Settings {
  S3_BUCKET?: string | undefined;
  S3_REGION: string;
  /** Address of an S3-compatible server; AWS where not given. */
  S3_ENDPOINT?: string | undefined;
  /** Where not given, the environment's own (a role, a profile). */
  S3_ACCESS_KEY_ID?: string | undefined;
  S3_SECRET_ACCESS_KEY?: string | undefined;
}

export interface Bucket {
  client: S3Client;
  bucket: string;
}

/** The bucket that the settings name. */
export function openBucket(bucket: string, settings: S3Settings): Bucket {
  const { S3_REGION: region, S3_ENDPOINT: endpoint, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = settings;
  const hasKeys = S3_ACCESS_KEY_ID !== undefined && S3_SECRET_ACCESS_KEY !== undefined;
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(hasKeys ? { credentials: { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY } } : {}),
    // Not every compatible server knows the newer checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  return { client, bucket };
}
