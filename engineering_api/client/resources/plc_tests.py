"""PLC Tests: test files run against a project or sources on PLCSIM Advanced, and tests that clients keep here.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Any, Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.plc_tests.plc_test_runs import SourceText
from engineering_api.features.plc_tests.plc_test_store import StoredStep, StoredTest
from engineering_api.features.plc_tests.plc_tests_operations import OnTest, Run, RunOnDevice, RunStored, Save, Schema
from engineering_api.features.plc_tests.results import Report
from engineering_api.operations.declaration import Nothing


class PlcTests(Resource):
    """PLC Tests: test files run against a project or sources on PLCSIM Advanced, and tests that clients keep here."""

    @overload
    def run(
        self,
        *,
        tests: str = "",
        test_paths: list[str] | None = None,
        project_path: str = "",
        source_paths: list[str] | None = None,
        sources: list[SourceText] | None = None,
        device_name: str = "",
        cpu: str = "6ES7 511-1AK02-0AB0",
        only: str = "",
        coverage: bool = False,
        trace: bool = False,
        output_path: str = "",
        wait: Literal[True] = True,
    ) -> Report: ...

    @overload
    def run(
        self,
        *,
        tests: str = "",
        test_paths: list[str] | None = None,
        project_path: str = "",
        source_paths: list[str] | None = None,
        sources: list[SourceText] | None = None,
        device_name: str = "",
        cpu: str = "6ES7 511-1AK02-0AB0",
        only: str = "",
        coverage: bool = False,
        trace: bool = False,
        output_path: str = "",
        wait: Literal[False],
    ) -> Job[Report]: ...

    def run(
        self,
        *,
        tests: str = "",
        test_paths: list[str] | None = None,
        project_path: str = "",
        source_paths: list[str] | None = None,
        sources: list[SourceText] | None = None,
        device_name: str = "",
        cpu: str = "6ES7 511-1AK02-0AB0",
        only: str = "",
        coverage: bool = False,
        trace: bool = False,
        output_path: str = "",
        wait: bool = True,
    ) -> Report | Job[Report]:
        """Run tests of a program on a PLCSIM Advanced instance of their own.

        What is tested is not changed: the tests run on a copy of the project, or on a project made of the sources. A test that
        fails is an answer, not a failed request.

        Args:
            tests: Tests as the text of a test file (YAML).
            test_paths: Test files and folders on the server.
            project_path: Project file (.apNN) or archive (.zapNN) on the server.
            source_paths: Sources on the server: files and folders.
            sources: Sources that come with the request.
            device_name: PLC of the project, where it has several.
            cpu: CPU for sources: order number, and firmware behind a slash.
            only: Only tests whose name contains this; * and ? are wildcards.
            coverage: Measure what of the program is reached.
            trace: Record the values that tests use.
            output_path: Folder for reports, diagrams and coverage; none are written without.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "plc_tests.run",
                Run(
                    tests=tests,
                    test_paths=test_paths or [],
                    project_path=project_path,
                    source_paths=source_paths or [],
                    sources=sources or [],
                    device_name=device_name,
                    cpu=cpu,
                    only=only,
                    coverage=coverage,
                    trace=trace,
                    output_path=output_path,
                ),
                Report,
            )
        return self._client.run(
            "plc_tests.run",
            Run(
                tests=tests,
                test_paths=test_paths or [],
                project_path=project_path,
                source_paths=source_paths or [],
                sources=sources or [],
                device_name=device_name,
                cpu=cpu,
                only=only,
                coverage=coverage,
                trace=trace,
                output_path=output_path,
            ),
            Report,
        )

    def get_schema(self) -> Schema:
        """Get the JSON Schema of test files, for editors."""
        return self._client.run("plc_tests.get_schema", Nothing(), Schema)

    def list_stored(self) -> list[str]:
        """List the names of the tests that are kept here."""
        return self._client.run("plc_tests.list_stored", Nothing(), list[str])

    def get(self, *, name: str) -> StoredTest:
        """Get a test that is kept here.

        Args:
            name: Its name, exactly.
        """
        return self._client.run("plc_tests.get", OnTest(name=name), StoredTest)

    def save(
        self,
        *,
        name: str,
        steps: list[StoredStep],
        description: str = "",
        instance_name: str | None = None,
        setup: dict[str, Any] | None = None,
        teardown: dict[str, Any] | None = None,
    ) -> StoredTest:
        """Keep a test, in the place of the one of its name.

        Args:
            name: Its name, exactly.
            description: What it is about.
            instance_name: Instance that it runs on; the connected one without it.
            setup: Values that are written before the first cycle.
            steps: What is done, in this order.
            teardown: Values that are written at the end.
        """
        return self._client.run(
            "plc_tests.save",
            Save(
                name=name,
                description=description,
                instance_name=instance_name,
                setup=setup or {},
                steps=steps,
                teardown=teardown or {},
            ),
            StoredTest,
        )

    def delete(self, *, name: str) -> StoredTest:
        """Delete a test that is kept here.

        Args:
            name: Its name, exactly.
        """
        return self._client.run("plc_tests.delete", OnTest(name=name), StoredTest)

    @overload
    def run_stored(self, *, test_name: str = "", wait: Literal[True] = True) -> Report: ...

    @overload
    def run_stored(self, *, test_name: str = "", wait: Literal[False]) -> Job[Report]: ...

    def run_stored(self, *, test_name: str = "", wait: bool = True) -> Report | Job[Report]:
        """Run a kept test, or all of them, on the instances that they name, with the programs that are there.

        Each begins with start values everywhere. Afterwards time passes on the instance as it did before.

        Args:
            test_name: Name of a test; all without it.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("plc_tests.run_stored", RunStored(test_name=test_name), Report)
        return self._client.run("plc_tests.run_stored", RunStored(test_name=test_name), Report)

    def results(self) -> Report:
        """Get the report of the last run of kept tests; an empty one when there was none."""
        return self._client.run("plc_tests.results", Nothing(), Report)

    @overload
    def run_on_device(self, *, device_name: str, wait: Literal[True] = True) -> Report: ...

    @overload
    def run_on_device(self, *, device_name: str, wait: Literal[False]) -> Job[Report]: ...

    def run_on_device(self, *, device_name: str, wait: bool = True) -> Report | Job[Report]:
        """Run all kept tests against a PLC of the open project, as it was saved, on an instance of their own.

        Args:
            device_name: Name of the station, its CPU or its program.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("plc_tests.run_on_device", RunOnDevice(device_name=device_name), Report)
        return self._client.run("plc_tests.run_on_device", RunOnDevice(device_name=device_name), Report)


class AsyncPlcTests(AsyncResource):
    """PLC Tests: test files run against a project or sources on PLCSIM Advanced, and tests that clients keep here."""

    @overload
    async def run(
        self,
        *,
        tests: str = "",
        test_paths: list[str] | None = None,
        project_path: str = "",
        source_paths: list[str] | None = None,
        sources: list[SourceText] | None = None,
        device_name: str = "",
        cpu: str = "6ES7 511-1AK02-0AB0",
        only: str = "",
        coverage: bool = False,
        trace: bool = False,
        output_path: str = "",
        wait: Literal[True] = True,
    ) -> Report: ...

    @overload
    async def run(
        self,
        *,
        tests: str = "",
        test_paths: list[str] | None = None,
        project_path: str = "",
        source_paths: list[str] | None = None,
        sources: list[SourceText] | None = None,
        device_name: str = "",
        cpu: str = "6ES7 511-1AK02-0AB0",
        only: str = "",
        coverage: bool = False,
        trace: bool = False,
        output_path: str = "",
        wait: Literal[False],
    ) -> AsyncJob[Report]: ...

    async def run(
        self,
        *,
        tests: str = "",
        test_paths: list[str] | None = None,
        project_path: str = "",
        source_paths: list[str] | None = None,
        sources: list[SourceText] | None = None,
        device_name: str = "",
        cpu: str = "6ES7 511-1AK02-0AB0",
        only: str = "",
        coverage: bool = False,
        trace: bool = False,
        output_path: str = "",
        wait: bool = True,
    ) -> Report | AsyncJob[Report]:
        """Run tests of a program on a PLCSIM Advanced instance of their own.

        What is tested is not changed: the tests run on a copy of the project, or on a project made of the sources. A test that
        fails is an answer, not a failed request.

        Args:
            tests: Tests as the text of a test file (YAML).
            test_paths: Test files and folders on the server.
            project_path: Project file (.apNN) or archive (.zapNN) on the server.
            source_paths: Sources on the server: files and folders.
            sources: Sources that come with the request.
            device_name: PLC of the project, where it has several.
            cpu: CPU for sources: order number, and firmware behind a slash.
            only: Only tests whose name contains this; * and ? are wildcards.
            coverage: Measure what of the program is reached.
            trace: Record the values that tests use.
            output_path: Folder for reports, diagrams and coverage; none are written without.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "plc_tests.run",
                Run(
                    tests=tests,
                    test_paths=test_paths or [],
                    project_path=project_path,
                    source_paths=source_paths or [],
                    sources=sources or [],
                    device_name=device_name,
                    cpu=cpu,
                    only=only,
                    coverage=coverage,
                    trace=trace,
                    output_path=output_path,
                ),
                Report,
            )
        return await self._client.run(
            "plc_tests.run",
            Run(
                tests=tests,
                test_paths=test_paths or [],
                project_path=project_path,
                source_paths=source_paths or [],
                sources=sources or [],
                device_name=device_name,
                cpu=cpu,
                only=only,
                coverage=coverage,
                trace=trace,
                output_path=output_path,
            ),
            Report,
        )

    async def get_schema(self) -> Schema:
        """Get the JSON Schema of test files, for editors."""
        return await self._client.run("plc_tests.get_schema", Nothing(), Schema)

    async def list_stored(self) -> list[str]:
        """List the names of the tests that are kept here."""
        return await self._client.run("plc_tests.list_stored", Nothing(), list[str])

    async def get(self, *, name: str) -> StoredTest:
        """Get a test that is kept here.

        Args:
            name: Its name, exactly.
        """
        return await self._client.run("plc_tests.get", OnTest(name=name), StoredTest)

    async def save(
        self,
        *,
        name: str,
        steps: list[StoredStep],
        description: str = "",
        instance_name: str | None = None,
        setup: dict[str, Any] | None = None,
        teardown: dict[str, Any] | None = None,
    ) -> StoredTest:
        """Keep a test, in the place of the one of its name.

        Args:
            name: Its name, exactly.
            description: What it is about.
            instance_name: Instance that it runs on; the connected one without it.
            setup: Values that are written before the first cycle.
            steps: What is done, in this order.
            teardown: Values that are written at the end.
        """
        return await self._client.run(
            "plc_tests.save",
            Save(
                name=name,
                description=description,
                instance_name=instance_name,
                setup=setup or {},
                steps=steps,
                teardown=teardown or {},
            ),
            StoredTest,
        )

    async def delete(self, *, name: str) -> StoredTest:
        """Delete a test that is kept here.

        Args:
            name: Its name, exactly.
        """
        return await self._client.run("plc_tests.delete", OnTest(name=name), StoredTest)

    @overload
    async def run_stored(self, *, test_name: str = "", wait: Literal[True] = True) -> Report: ...

    @overload
    async def run_stored(self, *, test_name: str = "", wait: Literal[False]) -> AsyncJob[Report]: ...

    async def run_stored(self, *, test_name: str = "", wait: bool = True) -> Report | AsyncJob[Report]:
        """Run a kept test, or all of them, on the instances that they name, with the programs that are there.

        Each begins with start values everywhere. Afterwards time passes on the instance as it did before.

        Args:
            test_name: Name of a test; all without it.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("plc_tests.run_stored", RunStored(test_name=test_name), Report)
        return await self._client.run("plc_tests.run_stored", RunStored(test_name=test_name), Report)

    async def results(self) -> Report:
        """Get the report of the last run of kept tests; an empty one when there was none."""
        return await self._client.run("plc_tests.results", Nothing(), Report)

    @overload
    async def run_on_device(self, *, device_name: str, wait: Literal[True] = True) -> Report: ...

    @overload
    async def run_on_device(self, *, device_name: str, wait: Literal[False]) -> AsyncJob[Report]: ...

    async def run_on_device(self, *, device_name: str, wait: bool = True) -> Report | AsyncJob[Report]:
        """Run all kept tests against a PLC of the open project, as it was saved, on an instance of their own.

        Args:
            device_name: Name of the station, its CPU or its program.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("plc_tests.run_on_device", RunOnDevice(device_name=device_name), Report)
        return await self._client.run("plc_tests.run_on_device", RunOnDevice(device_name=device_name), Report)
