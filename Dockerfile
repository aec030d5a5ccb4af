# The service with the simulated TIA Portal, and `tia check`, `tia test` and `tia scl` for CI. docs/ci.md explains how to run it.
ARG PYTHON=docker.io/library/python:3.12-slim

FROM ${PYTHON} AS build
WORKDIR /source
COPY requirements.lock ./
RUN python3 -m venv /opt/tia \
 && /opt/tia/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
COPY . .
RUN PYTHONPATH=/source:/source/fakes /opt/tia/bin/python -m engineering_api.generation \
 && /opt/tia/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
 && /opt/tia/bin/pip uninstall --yes pip

FROM ${PYTHON}
LABEL org.opencontainers.image.title="simatic-engineering-api" \
      org.opencontainers.image.description="The open engineering API for SIMATIC PLCs, on a simulated TIA Portal" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 tia \
 && useradd --uid 10001 --gid tia --no-create-home --home-dir /data --shell /usr/sbin/nologin tia \
 && install --directory --owner tia --group tia --mode 0700 /data \
 && install --directory --owner tia --group tia /work
COPY --from=build /opt/tia /opt/tia
ENV PATH=/opt/tia/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    TIA_BACKEND=fake \
    TIA_DATA_DIR=/data \
    TIA_HOST=0.0.0.0
USER 10001:10001
WORKDIR /work
VOLUME /data
EXPOSE 9000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python3", "-m", "engineering_api.web.probe"]
ENTRYPOINT ["tia"]
CMD ["serve"]
