using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Schema;

public class ModelReferenceTests
{
    private static readonly string Version = new('a', 64);

    [Fact]
    public void A_plain_name_is_created_as_a_model()
    {
        var model = Asked.Model("replicate/meta/meta-llama-3-8b-instruct");
        Assert.Equal("models/meta/meta-llama-3-8b-instruct/predictions", model.CreatePath);
        Assert.Equal("models/meta/meta-llama-3-8b-instruct", model.ModelPath);
        Assert.Null(model.Version);
    }

    [Fact]
    public void Case_02_a_name_with_a_version_is_created_by_version()
    {
        var model = Asked.Model($"replicate/yorickvp/llava-13b:{Version}");
        Assert.Equal("predictions", model.CreatePath);
        Assert.Equal(Version, model.Version);
        Assert.Equal($"models/yorickvp/llava-13b/versions/{Version}", model.VersionPath);
    }

    [Fact]
    public void Case_03_a_bare_version_is_created_by_version()
    {
        var model = Asked.Model(Version);
        Assert.Equal("predictions", model.CreatePath);
        Assert.Equal(Version, model.Version);
        Assert.Null(model.ModelPath);
    }

    [Fact]
    public void Case_04_a_deployment_has_its_own_path_and_no_version()
    {
        var model = Asked.Model("replicate/deployments/acme/img");
        Assert.Equal("deployments/acme/img/predictions", model.CreatePath);
        Assert.Equal("deployments/acme/img", model.ModelPath);
        Assert.Null(model.Version);
    }

    [Fact]
    public void Case_06_names_keep_their_dots() =>
        Assert.Equal("models/black-forest-labs/flux-1.1-pro/predictions", Asked.Model("black-forest-labs/flux-1.1-pro").CreatePath);

    [Fact]
    public void A_model_pinned_later_is_created_by_that_version()
    {
        var model = Asked.Model("stability-ai/sdxl").WithVersion(Version);
        Assert.Equal("predictions", model.CreatePath);
        Assert.Equal($"stability-ai/sdxl:{Version}", model.ToString());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("deployments/a/b")]
    [InlineData("deployments/b")]
    public void A_reference_is_written_as_it_was_read(string model) => Assert.Equal(model, Asked.Model(model).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("replicate/")]
    [InlineData("gpt-4")]
    [InlineData("a/")]
    [InlineData("/b")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("a/.")]
    [InlineData("deployments/../b")]
    [InlineData("a/b?x=1")]
    [InlineData("a/b#c")]
    [InlineData("a/%2e%2e")]
    [InlineData("a/b c")]
    [InlineData("a/b\n")]
    [InlineData("a\\b/c")]
    [InlineData("a/b:latest")]
    [InlineData("a/b:")]
    [InlineData("a/ü")]
    public void What_could_leave_the_path_is_refused(string model)
    {
        var fault = Asked.Bad(ModelReference.Parse(model));
        Assert.Equal(FaultKind.ModelNotFound, fault.Kind);
        Assert.Equal("model", fault.Param);
    }

    [Fact]
    public void A_name_of_endless_length_is_refused() => Asked.Bad(ModelReference.Parse($"a/{new string('b', 101)}"));
}
