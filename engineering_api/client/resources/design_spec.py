"""Design Spec: designs of equipment, kept for the open project, generated and brought into it.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Any, Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.design.design_spec_operations import (
    Chosen,
    Forgotten,
    Generate,
    GenerateAndImport,
    Load,
    LoadSeparate,
    RunTests,
    Schema,
)
from engineering_api.features.design.designs import Applied, GeneratedDesign, Judged
from engineering_api.features.plc_tests.results import Report
from engineering_api.operations.declaration import Nothing


class DesignSpec(Resource):
    """Design Spec: designs of equipment, kept for the open project, generated and brought into it."""

    def get_model(self) -> Judged:
        """Get the design of the open project, and what is to be said about it."""
        return self._client.run("design_spec.get_model", Nothing(), Judged)

    def load(
        self,
        *,
        spec: dict[str, Any] | None = None,
        content: str | None = None,
        path: str | None = None,
        text: str | None = None,
    ) -> Judged:
        """Load a whole design for the open project, in the place of the one that it has.

        A design with mistakes is refused with all of them. A description in words needs a language model that is set up; what
        it writes is judged in the same way.

        Args:
            spec: The design as JSON (docs/design-spec.md).
            content: The design as YAML or JSON text.
            path: A file with it on the server, inside its allowed folders.
            text: A description in your own words; the assistant makes a design of it.
        """
        return self._client.run("design_spec.load", Load(spec=spec, content=content, path=path, text=text), Judged)

    def load_separate(
        self,
        *,
        name: str | None = None,
        description: str | None = None,
        devices: list[dict[str, Any]] | str | None = None,
        types: list[dict[str, Any]] | str | None = None,
        tags: list[dict[str, Any]] | str | None = None,
        data: list[dict[str, Any]] | str | None = None,
        modules: list[dict[str, Any]] | str | None = None,
        groups: list[dict[str, Any]] | str | None = None,
        tests: list[dict[str, Any]] | str | None = None,
        replace: bool = False,
    ) -> Judged:
        """Load sections of a design one by one; what they name may come later.

        A section whose shape is wrong is refused. References are judged over the whole design, and told as findings.

        Args:
            name: Name of the design.
            description: What it is about.
            devices: The PLCs. As list, or as YAML text of a list.
            types: PLC data types. As list, or as YAML text of a list.
            tags: Inputs, outputs and bit memory. As list, or as YAML text of a list.
            data: Global data blocks. As list, or as YAML text of a list.
            modules: Equipment and control. As list, or as YAML text of a list.
            groups: Call structure. As list, or as YAML text of a list.
            tests: Tests of the whole program. As list, or as YAML text of a list.
            replace: Forget the sections that are there first.
        """
        return self._client.run(
            "design_spec.load_separate",
            LoadSeparate(
                name=name,
                description=description,
                devices=devices,
                types=types,
                tags=tags,
                data=data,
                modules=modules,
                groups=groups,
                tests=tests,
                replace=replace,
            ),
            Judged,
        )

    def delete_model(self) -> Forgotten:
        """Forget the design of the open project. What was made of it stays in the project."""
        return self._client.run("design_spec.delete_model", Nothing(), Forgotten)

    def generate(
        self,
        *,
        spec: dict[str, Any] | None = None,
        device_name: str = "",
        tia_version: str | None = None,
        with_xml: bool = False,
    ) -> GeneratedDesign:
        """Generate a design as text: SCL, LAD and GRAPH as JSON, tag and watch tables, tests. Nothing is imported.

        Args:
            spec: A design; that of the open project by default.
            device_name: Only this device of the design; all of them without it.
            tia_version: TIA Portal version such as 19; that of the server by default.
            with_xml: Also give SimaticML.
        """
        return self._client.run(
            "design_spec.generate",
            Generate(spec=spec, device_name=device_name, tia_version=tia_version, with_xml=with_xml),
            GeneratedDesign,
        )

    def plan(self, *, device_name: str = "", override: bool = False) -> Applied:
        """Get what generating and importing the design would create, update and leave in the open project.

        Args:
            device_name: Only this device of the design; all of them without it.
            override: Also replace what was there before, and what was changed by hand.
        """
        return self._client.run("design_spec.plan", Chosen(device_name=device_name, override=override), Applied)

    @overload
    def generate_and_import(
        self,
        *,
        device_name: str = "",
        override: bool = False,
        mode: Literal["all", "each"] = "all",
        remove: bool = False,
        wait: Literal[True] = True,
    ) -> Applied: ...

    @overload
    def generate_and_import(
        self,
        *,
        device_name: str = "",
        override: bool = False,
        mode: Literal["all", "each"] = "all",
        remove: bool = False,
        wait: Literal[False],
    ) -> Job[Applied]: ...

    def generate_and_import(
        self,
        *,
        device_name: str = "",
        override: bool = False,
        mode: Literal["all", "each"] = "all",
        remove: bool = False,
        wait: bool = True,
    ) -> Applied | Job[Applied]:
        """Bring the open project to what its design says, and compile it.

        Only what differs is imported. What was there before, or was changed by hand since, is not replaced without `override`;
        what the design no longer has is told as orphaned, and deleted only with `remove`.

        Args:
            device_name: Only this device of the design; all of them without it.
            override: Also replace what was there before, and what was changed by hand.
            mode: all: all or none. each: whatever can be imported.
            remove: Delete what earlier designs made and this one no longer has.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "design_spec.generate_and_import",
                GenerateAndImport(device_name=device_name, override=override, mode=mode, remove=remove),
                Applied,
            )
        return self._client.run(
            "design_spec.generate_and_import",
            GenerateAndImport(device_name=device_name, override=override, mode=mode, remove=remove),
            Applied,
        )

    @overload
    def run_tests(self, *, device_name: str = "", only: str = "", wait: Literal[True] = True) -> Report: ...

    @overload
    def run_tests(self, *, device_name: str = "", only: str = "", wait: Literal[False]) -> Job[Report]: ...

    def run_tests(self, *, device_name: str = "", only: str = "", wait: bool = True) -> Report | Job[Report]:
        """Run the tests of the design against the open project, as it was saved, on a PLCSIM Advanced instance of their own.

        Args:
            device_name: Device of the design; the first one without it.
            only: Only tests whose name contains this.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("design_spec.run_tests", RunTests(device_name=device_name, only=only), Report)
        return self._client.run("design_spec.run_tests", RunTests(device_name=device_name, only=only), Report)

    def get_schema(self) -> Schema:
        """Get the JSON Schema of designs, for editors."""
        return self._client.run("design_spec.get_schema", Nothing(), Schema)


class AsyncDesignSpec(AsyncResource):
    """Design Spec: designs of equipment, kept for the open project, generated and brought into it."""

    async def get_model(self) -> Judged:
        """Get the design of the open project, and what is to be said about it."""
        return await self._client.run("design_spec.get_model", Nothing(), Judged)

    async def load(
        self,
        *,
        spec: dict[str, Any] | None = None,
        content: str | None = None,
        path: str | None = None,
        text: str | None = None,
    ) -> Judged:
        """Load a whole design for the open project, in the place of the one that it has.

        A design with mistakes is refused with all of them. A description in words needs a language model that is set up; what
        it writes is judged in the same way.

        Args:
            spec: The design as JSON (docs/design-spec.md).
            content: The design as YAML or JSON text.
            path: A file with it on the server, inside its allowed folders.
            text: A description in your own words; the assistant makes a design of it.
        """
        return await self._client.run(
            "design_spec.load", Load(spec=spec, content=content, path=path, text=text), Judged
        )

    async def load_separate(
        self,
        *,
        name: str | None = None,
        description: str | None = None,
        devices: list[dict[str, Any]] | str | None = None,
        types: list[dict[str, Any]] | str | None = None,
        tags: list[dict[str, Any]] | str | None = None,
        data: list[dict[str, Any]] | str | None = None,
        modules: list[dict[str, Any]] | str | None = None,
        groups: list[dict[str, Any]] | str | None = None,
        tests: list[dict[str, Any]] | str | None = None,
        replace: bool = False,
    ) -> Judged:
        """Load sections of a design one by one; what they name may come later.

        A section whose shape is wrong is refused. References are judged over the whole design, and told as findings.

        Args:
            name: Name of the design.
            description: What it is about.
            devices: The PLCs. As list, or as YAML text of a list.
            types: PLC data types. As list, or as YAML text of a list.
            tags: Inputs, outputs and bit memory. As list, or as YAML text of a list.
            data: Global data blocks. As list, or as YAML text of a list.
            modules: Equipment and control. As list, or as YAML text of a list.
            groups: Call structure. As list, or as YAML text of a list.
            tests: Tests of the whole program. As list, or as YAML text of a list.
            replace: Forget the sections that are there first.
        """
        return await self._client.run(
            "design_spec.load_separate",
            LoadSeparate(
                name=name,
                description=description,
                devices=devices,
                types=types,
                tags=tags,
                data=data,
                modules=modules,
                groups=groups,
                tests=tests,
                replace=replace,
            ),
            Judged,
        )

    async def delete_model(self) -> Forgotten:
        """Forget the design of the open project. What was made of it stays in the project."""
        return await self._client.run("design_spec.delete_model", Nothing(), Forgotten)

    async def generate(
        self,
        *,
        spec: dict[str, Any] | None = None,
        device_name: str = "",
        tia_version: str | None = None,
        with_xml: bool = False,
    ) -> GeneratedDesign:
        """Generate a design as text: SCL, LAD and GRAPH as JSON, tag and watch tables, tests. Nothing is imported.

        Args:
            spec: A design; that of the open project by default.
            device_name: Only this device of the design; all of them without it.
            tia_version: TIA Portal version such as 19; that of the server by default.
            with_xml: Also give SimaticML.
        """
        return await self._client.run(
            "design_spec.generate",
            Generate(spec=spec, device_name=device_name, tia_version=tia_version, with_xml=with_xml),
            GeneratedDesign,
        )

    async def plan(self, *, device_name: str = "", override: bool = False) -> Applied:
        """Get what generating and importing the design would create, update and leave in the open project.

        Args:
            device_name: Only this device of the design; all of them without it.
            override: Also replace what was there before, and what was changed by hand.
        """
        return await self._client.run("design_spec.plan", Chosen(device_name=device_name, override=override), Applied)

    @overload
    async def generate_and_import(
        self,
        *,
        device_name: str = "",
        override: bool = False,
        mode: Literal["all", "each"] = "all",
        remove: bool = False,
        wait: Literal[True] = True,
    ) -> Applied: ...

    @overload
    async def generate_and_import(
        self,
        *,
        device_name: str = "",
        override: bool = False,
        mode: Literal["all", "each"] = "all",
        remove: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[Applied]: ...

    async def generate_and_import(
        self,
        *,
        device_name: str = "",
        override: bool = False,
        mode: Literal["all", "each"] = "all",
        remove: bool = False,
        wait: bool = True,
    ) -> Applied | AsyncJob[Applied]:
        """Bring the open project to what its design says, and compile it.

        Only what differs is imported. What was there before, or was changed by hand since, is not replaced without `override`;
        what the design no longer has is told as orphaned, and deleted only with `remove`.

        Args:
            device_name: Only this device of the design; all of them without it.
            override: Also replace what was there before, and what was changed by hand.
            mode: all: all or none. each: whatever can be imported.
            remove: Delete what earlier designs made and this one no longer has.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "design_spec.generate_and_import",
                GenerateAndImport(device_name=device_name, override=override, mode=mode, remove=remove),
                Applied,
            )
        return await self._client.run(
            "design_spec.generate_and_import",
            GenerateAndImport(device_name=device_name, override=override, mode=mode, remove=remove),
            Applied,
        )

    @overload
    async def run_tests(self, *, device_name: str = "", only: str = "", wait: Literal[True] = True) -> Report: ...

    @overload
    async def run_tests(self, *, device_name: str = "", only: str = "", wait: Literal[False]) -> AsyncJob[Report]: ...

    async def run_tests(self, *, device_name: str = "", only: str = "", wait: bool = True) -> Report | AsyncJob[Report]:
        """Run the tests of the design against the open project, as it was saved, on a PLCSIM Advanced instance of their own.

        Args:
            device_name: Device of the design; the first one without it.
            only: Only tests whose name contains this.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "design_spec.run_tests", RunTests(device_name=device_name, only=only), Report
            )
        return await self._client.run("design_spec.run_tests", RunTests(device_name=device_name, only=only), Report)

    async def get_schema(self) -> Schema:
        """Get the JSON Schema of designs, for editors."""
        return await self._client.run("design_spec.get_schema", Nothing(), Schema)
