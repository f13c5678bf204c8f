using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Diarist.Server.Http;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>: every address with its methods, its parameters in the path and what it is for. Bodies are described in docs/server.md.</summary>
internal static class ApiDescription
{
    public static void AddTo(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Diarist", Version = "1", Description = "Who said what: transcription and diarization on this machine." };
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (RoutePatternParameterPart part in RoutePatternFactory.Parse(context.Description.RelativePath ?? "").Parameters)
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter { Name = part.Name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
            }

            return Task.CompletedTask;
        });
    });

    /// <summary>Lets the document name routes whose handlers take the whole request: it looks for their methods.</summary>
    public static void Describe(RouteGroupBuilder routes) => ((IEndpointConventionBuilder)routes).Add(endpoint =>
    {
        if (endpoint.RequestDelegate is { } handler)
        {
            endpoint.Metadata.Add(handler.Method);
        }
    });
}
