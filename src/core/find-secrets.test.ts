import { describe, expect, it } from "vitest";
import { findSecrets } from "./find-secrets.ts";

const masked = (line: string): string =>
  findSecrets(line)
    .toReversed()
    .reduce((text, { start, end }) => `${text.slice(0, start)}***${text.slice(end)}`, line);

describe("findSecrets", () => {
  it.each([
    [
      "      CONN: postgresql+psycopg2://airflow:s3cr3t@db:5432/airflow",
      "      CONN: postgresql+psycopg2://airflow:***@db:5432/airflow",
    ],
    [
      "  --backend-store-uri postgresql://mlflow:p@ss@db/mlflow \\",
      "  --backend-store-uri postgresql://mlflow:***@db/mlflow \\",
    ],
    ["      POSTGRES_PASSWORD: airflow  # same", "      POSTGRES_PASSWORD: ***  # same"],
    ["      - POSTGRES_PASSWORD=airflow", "      - POSTGRES_PASSWORD=***"],
    ['      - "AIRFLOW__CORE__FERNET_KEY=abc="', '      - "AIRFLOW__CORE__FERNET_KEY=***"'],
    ["MINIO_SECRET_KEY=minio123", "MINIO_SECRET_KEY=***"],
    ["          --password admin \\", "          --password *** \\"],
    ["airflow users create --username admin --password=admin", "airflow users create --username admin --password=***"],
  ])("masks %s", (line, expected) => expect(masked(line)).toBe(expected));

  it.each([
    "      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}",
    "      POSTGRES_PASSWORD_FILE: /run/secrets/db",
    "      AIRFLOW__API_AUTH__JWT_SECRET_EXPIRATION_TIME: 3600",
    "      image: postgres:13",
    "      CONN: postgresql://airflow@db/airflow",
    "    secrets:",
  ])("leaves %s", (line) => expect(masked(line)).toBe(line));
});
