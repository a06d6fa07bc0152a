import { defineSignature } from "../../signature.ts";

export const unconstrainedInstall = defineSignature({
  id: "unconstrained-install",
  group: "packages",
  kind: "fault",
  confidence: "likely",
  marks: [
    "No module named 'connexion",
    "MappedAnnotationError",
    "'Mapped' from 'sqlalchemy",
    "pendulum",
    "cannot import name 'Mapped'",
  ],
  patterns: [
    /No module named '(?<module>connexion\.decorators[\w.]*)'/,
    /(?<module>MappedAnnotationError)/,
    /cannot import name '(?<module>Mapped|mapped_column)' from 'sqlalchemy/,
    /TypeError: .*(?<module>pendulum)/,
  ],
  what: "{service|Airflow} has packages of other versions than its release was built with ({module})",
  why: "Something was installed with pip without the release's constraints file and took newer or older dependencies along.",
  cure: [
    {
      say: "Install with the constraints of the release: pip install PACKAGE --constraint https://raw.githubusercontent.com/apache/airflow/constraints-VERSION/constraints-PYTHON.txt",
      run: "docker compose build --no-cache {service}",
    },
  ],
  sources: ["https://github.com/apache/airflow/issues/35217", "https://github.com/apache/airflow/issues/28723"],
  examples: [
    "airflow-webserver-1 | ModuleNotFoundError: No module named 'connexion.decorators.validation'",
    'airflow-1 | sqlalchemy.orm.exc.MappedAnnotationError: Type annotation for "TaskInstance.dag_model" can\'t be correctly interpreted',
  ],
  lookalikes: ["airflow-1 | ModuleNotFoundError: No module named 'connections'"],
});
